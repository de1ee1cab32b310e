import { INCIDENT_LIFE, TICKET_LIFE, TICKET_STATUSES, ticketMayBecome } from './life-tables';

describe('the life tables', () => {
  it('name only statuses that exist', () => {
    for (const next of Object.values(TICKET_LIFE))
      for (const status of next) expect(TICKET_LIFE).toHaveProperty(status);
    const ends = [...Object.keys(INCIDENT_LIFE), 'gone'];
    for (const next of Object.values(INCIDENT_LIFE)) for (const status of next) expect(ends).toContain(status);
  });

  it('every status of a ticket can be reached from queued, and all but completed can be left', () => {
    const reached = new Set<string>(['queued']);
    for (const status of reached) for (const next of TICKET_LIFE[status as keyof typeof TICKET_LIFE]) reached.add(next);
    expect([...reached].sort()).toEqual([...TICKET_STATUSES].sort());
    expect(TICKET_STATUSES.filter((status) => TICKET_LIFE[status].length === 0)).toEqual(['completed']);
  });

  it('a completed ticket stays completed, a dead one can be retried', () => {
    for (const to of TICKET_STATUSES) expect(ticketMayBecome('completed', to)).toBe(false);
    expect(ticketMayBecome('dead', 'queued')).toBe(true);
    expect(ticketMayBecome('dead', 'assigned')).toBe(false);
  });
});
