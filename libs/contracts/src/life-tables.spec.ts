import {
  INCIDENT_LIFE,
  INCIDENT_STATUSES,
  OPERATOR_ACTIONS,
  TICKET_ACTIONS,
  TICKET_LIFE,
  TICKET_STATUSES,
  incidentMayBecome,
  personMay,
  ticketMayBecome,
} from './life-tables';

describe('the life tables', () => {
  it('allow every change that an operator may make', () => {
    for (const action of Object.values(OPERATOR_ACTIONS)) {
      if (!('to' in action)) continue;
      for (const from of action.from) expect(incidentMayBecome(from, action.to)).toBe(true);
    }
  });

  it('let operators do nothing with an incident that has ended', () => {
    for (const { from } of Object.values(OPERATOR_ACTIONS))
      for (const status of from) expect(INCIDENT_LIFE[status].length).toBeGreaterThan(0);
  });

  it('name only statuses that exist', () => {
    for (const next of Object.values(TICKET_LIFE))
      for (const status of next) expect(TICKET_LIFE).toHaveProperty(status);
    const ends = [...Object.keys(INCIDENT_LIFE), 'gone'];
    for (const next of Object.values(INCIDENT_LIFE)) for (const status of next) expect(ends).toContain(status);
  });

  it('every status of a ticket can be reached from queued, and every status can be left', () => {
    const reached = new Set<string>(['queued']);
    for (const status of reached) for (const next of TICKET_LIFE[status as keyof typeof TICKET_LIFE]) reached.add(next);
    expect([...reached].sort()).toEqual([...TICKET_STATUSES].sort());
    expect(TICKET_STATUSES.every((status) => TICKET_LIFE[status].length > 0)).toBe(true);
  });

  it('no action of a person goes beyond what a ticket may become', () => {
    for (const from of TICKET_ACTIONS.cancel) expect(ticketMayBecome(from, 'completed')).toBe(true);
    for (const from of TICKET_ACTIONS.reopen) expect(ticketMayBecome(from, 'queued')).toBe(true);
    expect(personMay('cancel', 'processing')).toBe(false);
  });

  it('a dead ticket can be retried', () => {
    expect(ticketMayBecome('dead', 'queued')).toBe(true);
    expect(ticketMayBecome('dead', 'assigned')).toBe(false);
  });

  it('a quiet incident can open again, a suspected one go without a word, a resolved one stays so', () => {
    expect(incidentMayBecome('quiet', 'open')).toBe(true);
    expect(incidentMayBecome('suspected', 'gone')).toBe(true);
    for (const to of [...INCIDENT_STATUSES, 'gone'] as const) expect(incidentMayBecome('resolved', to)).toBe(false);
  });
});
