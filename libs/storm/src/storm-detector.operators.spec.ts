import { StormLog, aStorm, embedding } from './spec-support/storm-log';

describe('operators', () => {
  it.each([
    ['confirmed', 'open'],
    ['resolved', 'resolved'],
    ['rejected', 'resolved'],
    ['resolved', 'rejected'],
  ] as const)('are refused "%s" of an incident that is %s', (kind, status) => {
    const log = aStorm();
    const [incident_id = ''] = log.ids('open');
    if (status !== 'open') log.append({ kind: status, incident_id });
    expect(log.append({ kind, incident_id })).toEqual({ changes: [], refused: 'not_allowed' });
  });

  it('get a refusal for an unknown incident', () => {
    expect(new StormLog().append({ kind: 'rejected', incident_id: 'none' }).refused).toBe('unknown');
  });

  it('decide at the same time: the first in the log prevails', () => {
    const log = aStorm();
    const [incident_id = ''] = log.ids('open');
    expect(log.append({ kind: 'rejected', incident_id }).refused).toBeNull();
    expect(log.append({ kind: 'resolved', incident_id }).refused).toBe('not_allowed');
  });

  it('unlink a ticket for good: it stops counting, and joins no other incident', () => {
    const log = aStorm();
    const [incident_id = ''] = log.ids('open');
    expect(log.append({ kind: 'unlinked', incident_id, ticket_id: 'T1' }).changes).toMatchObject([{ left: ['T1'] }]);
    expect(log.detector.incidents.get(incident_id)).toMatchObject({ representativeId: null, requesterCount: 10 });
    const by_hand = log.append({ kind: 'opened_by_hand', incident_id: 'mine', title: 'Mine', ticket_ids: ['T1'] });
    expect(by_hand.refused).toBe('not_allowed');
  });

  it('unlink a ticket for good, also if its entry is written only then', () => {
    const log = aStorm();
    log.append({ kind: 'opened_by_hand', incident_id: 'mine', title: 'Mine', ticket_ids: ['T99', 'early'] });
    log.append({ kind: 'unlinked', incident_id: 'mine', ticket_id: 'early' });
    expect(log.arrive({ ticket_id: 'early' })).toMatchObject({ routing: 'routed', incident: null });
  });

  it('open an incident around tickets, which similar tickets join', () => {
    const log = new StormLog();
    log.arriveTimes(2, { embedding: embedding(0, 4) });
    log.append({
      kind: 'opened_by_hand',
      incident_id: 'mine',
      title: 'Mine',
      ticket_ids: ['T1', 'T2', 'unknown', 'T1'],
    });
    expect([...(log.detector.incidents.get('mine')?.members.keys() ?? [])]).toEqual(['T1', 'T2']);
    expect(log.arrive({ embedding: embedding(5, 4) })).toMatchObject({
      routing: 'suppressed',
      incident: { id: 'mine' },
    });
    expect(log.arrive().routing).toBe('routed');
  });

  it('open one around tickets that the log does not have: no ticket is similar to it', () => {
    const log = new StormLog();
    log.append({ kind: 'opened_by_hand', incident_id: 'mine', title: 'Mine', ticket_ids: ['unknown'] });
    expect(log.arrive().nearest).toBeNull();
    log.append({ kind: 'opened_by_hand', incident_id: 'other', title: 'Other', ticket_ids: ['T1'] });
    expect(log.arrive({ embedding: embedding(90) }).nearest).toEqual({ id: 'other', similarity: 0 });
  });

  it('may name a ticket before its entry is written', () => {
    const log = new StormLog();
    log.append({ kind: 'opened_by_hand', incident_id: 'mine', title: 'Mine', ticket_ids: ['early'] });
    const member_of = { incident_id: 'mine', similarity: 1 };
    const verdict = log.arrive({ ticket_id: 'early', member_of });
    expect(verdict).toMatchObject({ routing: 'routed', incident: { id: 'mine', similarity: 1 } });
    expect(log.arriveTimes(10).every(({ incident }) => incident === null)).toBe(true);
  });
});

describe('a thousand open incidents', () => {
  const full = (): StormLog => {
    const log = new StormLog();
    for (let index = 0; index < 1_000; index += 1) {
      const ticket_ids = [`unknown-${index}`];
      log.append({ kind: 'opened_by_hand', incident_id: `hand-${index}`, title: 'By hand', ticket_ids });
    }
    return log;
  };

  it('prevent another one from opening by itself, which the verdict says, until one has ended', () => {
    const log = full();
    const last = log.arriveTimes(11).at(-1);
    expect(last).toMatchObject({ routing: 'routed', incident: null, kept_out: 'too_many_incidents' });
    expect(log.ids('open')).toHaveLength(1_000);
    log.append({ kind: 'resolved', incident_id: 'hand-0' });
    expect(log.arrive().routing).toBe('suppressed');
  });

  it('do not prevent an operator from opening or confirming another', () => {
    const log = full();
    log.arriveTimes(3);
    log.append({ kind: 'opened_by_hand', incident_id: 'mine', title: 'Mine', ticket_ids: ['T1'] });
    log.append({ kind: 'suspected', incident_id: 'maybe', ticket_ids: ['T2', 'T3'], similarity: 0.6 });
    expect(log.detector.largeSuspectedIncidents('all')).toEqual([]);
    expect(log.append({ kind: 'confirmed', incident_id: 'maybe' }).refused).toBeNull();
    expect(log.ids('open')).toHaveLength(1_002);
  });
});
