import { RULES, StormLog, embedding } from './spec-support/storm-log';

const MINUTE = 60_000;

describe('a suspected incident', () => {
  const suspected = (): StormLog => {
    const log = new StormLog();
    log.arriveTimes(5, { embedding: embedding(0, 1) });
    const ticket_ids = ['T1', 'T2', 'T3', 'T4', 'T5'];
    log.append({ kind: 'suspected', incident_id: 'maybe', ticket_ids, similarity: 0.6 });
    return log;
  };

  it('suppresses nothing, but gets further members', () => {
    const log = suspected();
    expect(log.arrive({ embedding: embedding(45, 1) })).toMatchObject({ routing: 'routed', incident: null });
    expect(log.detector.incidents.get('maybe')?.members.size).toBe(6);
  });

  it('that is confirmed suppresses tickets similar to the mean of its founders', () => {
    const log = suspected();
    log.append({ kind: 'confirmed', incident_id: 'maybe' });
    expect(log.arrive({ embedding: embedding(45, 1) })).toMatchObject({
      routing: 'suppressed',
      incident: { id: 'maybe', epoch: 2 },
    });
    expect(log.arrive({ embedding: embedding(60, 1) }).routing).toBe('routed');
  });

  it('may name a ticket before its entry is written, and counts its requester once', () => {
    const log = suspected();
    const ticket_ids = ['T1', 'early'];
    log.append({ kind: 'suspected', incident_id: 'other', ticket_ids, similarity: 0.6 });
    log.arrive({ ticket_id: 'early', requester: 'ann', embedding: embedding(0, 1) });
    expect(log.detector.incidents.get('other')?.requesterCount).toBe(2);
  });

  it('has a thousand members at most, and stays as long as more arrive', () => {
    const log = new StormLog({ ...RULES, ticketThreshold: 5_000 });
    log.arriveTimes(5, { embedding: embedding(0, 1) });
    const ticket_ids = ['T1', 'T2', 'T3', 'T4', 'T5'];
    log.append({ kind: 'suspected', incident_id: 'maybe', ticket_ids, similarity: 0.6 });
    log.arriveTimes(1_100, { embedding: embedding(0, 1), requester: 'ann' });
    const entry = { kind: 'suspected', incident_id: 'maybe', ticket_ids: ['T1105'], similarity: 0.6 } as const;
    expect(log.append(entry).changes).toMatchObject([{ incident_id: 'maybe', joined: [] }]);
    log.wait(RULES.quietMs - 1);
    log.arrive({ ticket_id: 'late', embedding: embedding(0, 1) });
    expect(log.detector.incidents.get('maybe')?.members.size).toBe(1_000);
    log.wait(RULES.quietMs - 1);
    log.append({ kind: 'tick' });
    expect(log.ids('suspected')).toEqual(['maybe']);
  });

  it('that gathers a few tickets an hour does not become large: its requesters must write within one window', () => {
    const log = suspected();
    const member = { embedding: embedding(0, 1) };
    for (let times = 0; times < 40; times += 1) {
      log.wait(RULES.quietMs / 2);
      log.arrive(member);
    }
    expect(log.detector.incidents.get('maybe')?.requesterCount).toBeGreaterThan(20);
    expect(log.detector.largeSuspectedIncidents('all')).toEqual([]);
    log.wait(RULES.quietMs / 2);
    // Similar to the mean, and not to each other.
    for (let n = 0; n < 11; n += 1) log.arrive({ embedding: embedding(n % 2 === 0 ? -45 : 45, 1) });
    expect(log.detector.largeSuspectedIncidents('all')).toEqual(['maybe']);
  });

  it('is large with more requesters than the threshold in force', () => {
    const log = suspected();
    expect(log.detector.largeSuspectedIncidents('all')).toEqual([]);
    log.append({ kind: 'rules', rules: { ...RULES, ticketThreshold: 4 } });
    expect(log.detector.rulesInForce.ticketThreshold).toBe(4);
    expect(log.detector.largeSuspectedIncidents('all')).toEqual(['maybe']);
    log.append({ kind: 'confirmed', incident_id: 'maybe' });
    expect(log.detector.largeSuspectedIncidents('all')).toEqual([]);
  });

  it('that is not confirmed is dropped after the quiet time', () => {
    const log = suspected();
    log.wait(30 * MINUTE);
    expect(log.append({ kind: 'tick' }).changes).toMatchObject([{ incident_id: 'maybe', status: 'gone' }]);
    expect(log.detector.incidents.size).toBe(0);
  });

  it('does not keep its tickets from opening an incident', () => {
    const log = suspected();
    expect(log.arriveTimes(6, { embedding: embedding(0, 1) }).at(-1)?.routing).toBe('suppressed');
    expect(log.detector.isDropped('maybe')).toBe(true);
    expect(log.detector.incidents.get('maybe')).toBeUndefined();
  });
});
