import { LATE_MS } from './rules';
import { RULES, StormLog, aStorm, embedding, words } from './spec-support/storm-log';

const MINUTE = 60_000;
const DAY = 86_400_000;

describe('an open incident', () => {
  it('gets tickets similar to its founding ticket or to the mean of its founders, and no others', () => {
    const log = new StormLog();
    for (let n = 0; n < 10; n += 1) log.arrive({ embedding: embedding(20) });
    log.arrive({ embedding: embedding(0) });
    expect(log.ids('open')).toHaveLength(1);
    // 42 degrees from the founding ticket, 24 from the mean.
    expect(log.arrive({ embedding: embedding(42) }).routing).toBe('suppressed');
    // 22 degrees from the founding ticket, 40 from the mean.
    expect(log.arrive({ embedding: embedding(-22) }).routing).toBe('suppressed');
    expect(log.arrive({ embedding: embedding(70) }).routing).toBe('routed');
    expect(log.arrive({ embedding: embedding(0, 1) }).routing).toBe('routed');
  });

  it('routes a member with a severe signal, and returns the signal', () => {
    const log = aStorm();
    expect(log.arrive({ severe_signal: 'legal-threat' })).toMatchObject({
      routing: 'routed',
      routed_signal: 'legal-threat',
      incident: { epoch: 1 },
    });
    expect([...log.detector.incidents.values()][0]?.members.size).toBe(12);
  });

  it('gives the same verdict about a ticket that is logged again, and counts it once', () => {
    const log = aStorm();
    const first = log.arrive({ ticket_id: 'again' });
    const [id = ''] = log.ids('open');
    expect(log.arrive({ ticket_id: 'again', embedding: embedding(0, 3) })).toEqual(first);
    expect(log.detector.incidents.get(id)?.members.size).toBe(12);
    log.append({ kind: 'resolved', incident_id: id });
    expect(log.detector.verdictOf('again')).toMatchObject({ routing: 'suppressed', incident: { id, epoch: 2 } });
  });

  it('lets its members be routed once it is rejected, and returns their similarity', () => {
    const log = aStorm();
    const [id = ''] = log.ids('open');
    log.append({ kind: 'rejected', incident_id: id });
    expect(log.detector.verdictOf('T11')).toEqual({
      routing: 'routed',
      incident: null,
      nearest: { id, similarity: 1 },
      routed_signal: null,
      kept_out: null,
    });
  });

  it('forgets its members with their entries, and recalls one that is logged again', () => {
    const log = aStorm();
    const [id = ''] = log.ids('open');
    log.wait(RULES.windowMs + LATE_MS + 1);
    log.append({ kind: 'tick' });
    expect(['T1', 'T11'].map((ticketId) => log.detector.isKnown(ticketId))).toEqual([false, false]);
    expect(log.detector.incidents.get(id)?.members.size).toBe(0);
    const member_of = { incident_id: id, similarity: 0.97 };
    expect(log.arrive({ ticket_id: 'T1', member_of })).toMatchObject({
      routing: 'routed',
      incident: { id, epoch: 1, similarity: 0.97 },
    });
    expect(log.arrive({ ticket_id: 'T11' })).toMatchObject({ routing: 'suppressed', incident: { id } });
    const nothing = { incident: null, nearest: null, routed_signal: null, kept_out: null };
    expect(log.detector.verdictOf('T99')).toEqual({ routing: 'routed', ...nothing });
  });

  it('unlinks a forgotten member for good', () => {
    const log = aStorm();
    const [incident_id = ''] = log.ids('open');
    log.wait(RULES.windowMs + LATE_MS + 1);
    log.append({ kind: 'tick' });
    const { changes } = log.append({ kind: 'unlinked', incident_id, ticket_id: 'T1' });
    expect(changes).toMatchObject([{ left: ['T1'], representative_ticket_id: null }]);
    const again = log.arrive({ ticket_id: 'T1', member_of: { incident_id, similarity: 1 } });
    expect(again).toMatchObject({ routing: 'routed', incident: null });
  });

  it('takes no space in a snapshot for forgotten members', () => {
    const log = aStorm();
    const before = JSON.stringify(log.detector.snapshot()).length;
    for (let hour = 0; hour < 50; hour += 1) {
      log.arriveTimes(20, { requester: 'ann' });
      log.wait(RULES.windowMs + LATE_MS + 1);
      log.append({ kind: 'tick' });
    }
    expect(log.ids('open')).toHaveLength(1);
    expect(JSON.stringify(log.detector.snapshot()).length).toBeLessThan(before);
  });

  it('may be opened by hand around members of an ended one, but not of one that lasts', () => {
    const log = aStorm();
    const [id = ''] = log.ids('open');
    const byHand = (incident_id: string) =>
      log.append({ kind: 'opened_by_hand', incident_id, title: 'By hand', ticket_ids: ['T1'] });
    expect(byHand('too-early').refused).toBe('not_allowed');
    log.append({ kind: 'rejected', incident_id: id });
    expect(byHand('now').refused).toBeNull();
    expect(log.detector.verdictOf('T1')).toMatchObject({ incident: { id: 'now' } });
    expect(log.detector.verdictOf('T2')).toMatchObject({ incident: null, nearest: { id } });
  });

  it('gets tickets decided by another broker without deciding again, and is notified if it was one there', () => {
    const log = new StormLog();
    log.arriveTimes(10, { elsewhere: { notified: true } });
    expect(log.arrive().routing).toBe('suppressed');
    const late = log.append({
      ...{ kind: 'arrived', ticket_id: 'late', received_ms: log.nowMs - 60_000, requester: null },
      ...{
        embedding: embedding(),
        words: words(),
        severe_signal: null,
        failure: 1,
        identifiers: '',
        is_machine: false,
      },
      elsewhere: { notified: true },
    });
    expect(log.detector.verdictOf('late')).toMatchObject({ routing: 'routed', incident: { epoch: 1 } });
    expect(late.changes).toMatchObject([{ is_notified: true, joined: [{ ticket_id: 'late', is_decided: true }] }]);
  });

  it('does not route for a severe signal that its founders have', () => {
    const log = new StormLog();
    log.arriveTimes(11, { severe_signal: 'exposure_leak' });
    expect(log.ids('open')).toHaveLength(1);
    expect(log.arrive({ severe_signal: 'exposure_leak' })).toMatchObject({
      routing: 'suppressed',
      routed_signal: null,
    });
    expect(log.arrive({ severe_signal: 'harm_danger' })).toMatchObject({
      routing: 'routed',
      routed_signal: 'harm_danger',
    });
  });

  it('routes an always-routed signal, also where all of its founders have it', () => {
    const log = new StormLog();
    const gas = { severe_signal: 'harm_danger', always_routed: true };
    log.arriveTimes(10, gas);
    const opened = log.append({
      ...{ kind: 'arrived', ticket_id: 'last', received_ms: log.nowMs, requester: null, ...gas },
      ...{ embedding: embedding(), words: words(), failure: 1, identifiers: '', is_machine: false },
    });
    expect(opened.changes).toMatchObject([
      { status: 'open', joined: Array(11).fill({ routed_signal: 'harm_danger' }) },
    ]);
    expect(log.detector.verdictOf('last')).toMatchObject({ routing: 'routed', routed_signal: 'harm_danger' });
    expect(log.arrive(gas)).toMatchObject({ routing: 'routed', routed_signal: 'harm_danger', incident: { epoch: 1 } });
    expect(log.arrive().routing).toBe('suppressed');
    // As entries of an earlier version say it.
    expect(log.arrive({ severe_signal: 'harm_danger' }).routing).toBe('suppressed');
  });

  it.each([
    ['opened by hand', { kind: 'opened_by_hand', incident_id: 'mine', title: 'Mine' } as const, null],
    ['suspected', { kind: 'suspected', incident_id: 'mine', similarity: 0.6 } as const, 'exposure_lawyer'],
  ])('when %s, names the members that are not suppressed by it', (_how, entry, novel) => {
    const log = new StormLog();
    log.arriveTimes(2);
    log.arrive({ severe_signal: 'exposure_lawyer' });
    log.arrive({ severe_signal: 'harm_danger', always_routed: true });
    const { changes } = log.append({ ...entry, ticket_ids: ['T1', 'T2', 'T3', 'T4'] });
    expect(changes[0]?.joined.map(({ routed_signal }) => routed_signal)).toEqual([null, null, novel, 'harm_danger']);
  });

  it('routes an always-routed signal of a ticket that belongs to it by its record', () => {
    const log = aStorm();
    const [incident_id = ''] = log.ids('open');
    const severe = { severe_signal: 'harm_danger', always_routed: true };
    const verdict = log.arrive({ ...severe, member_of: { incident_id, similarity: 1 } });
    expect(verdict).toMatchObject({ routing: 'routed', routed_signal: 'harm_danger', incident: { id: incident_id } });
  });

  it('keeps its members from counting towards another', () => {
    const log = aStorm();
    log.append({ kind: 'resolved', incident_id: log.ids('open')[0] ?? '' });
    expect(log.arriveTimes(10).every(({ routing }) => routing === 'routed')).toBe(true);
    expect(log.ids('open')).toEqual([]);
  });

  it('is quiet after half an hour without a member, suppresses nothing then, and reopens with the next burst', () => {
    const log = aStorm();
    const [id] = log.ids('open');
    log.wait(30 * MINUTE);
    expect(log.append({ kind: 'tick' }).changes).toMatchObject([{ incident_id: id, status: 'quiet', epoch: 2 }]);
    expect(log.arriveTimes(10).every(({ routing }) => routing === 'routed')).toBe(true);
    expect(log.arrive()).toMatchObject({ routing: 'suppressed', incident: { id, epoch: 3 } });
    expect(log.ids('open')).toEqual([id]);
  });

  it('is not compared with tickets once it has been quiet for more than a day', () => {
    const log = aStorm();
    const [id] = log.ids('open');
    log.wait(DAY);
    expect(log.arrive().nearest).toEqual({ id, similarity: 1 });
    log.wait(2);
    expect(log.arrive().nearest).toBeNull();
    log.append({ kind: 'resolved', incident_id: id! });
    expect(log.ids('resolved')).toEqual([id]);
  });

  it('is reopened for as long as the rules say, also by rules that come later', () => {
    const log = aStorm();
    const [id] = log.ids('open');
    log.append({ kind: 'rules', rules: { ...RULES, reopenMs: 40 * MINUTE } });
    log.wait(30 * MINUTE);
    expect(log.arrive().nearest).toEqual({ id, similarity: 1 });
    log.wait(11 * MINUTE);
    expect(log.arrive().nearest).toBeNull();
    log.arriveTimes(10);
    expect(log.ids('open')).not.toContain(id);
  });

  it('is followed by another one, which refers to it, if the burst comes more than a day later', () => {
    const log = aStorm();
    const [old] = log.ids('open');
    log.wait(DAY + MINUTE);
    log.arriveTimes(11);
    const [opened] = log.ids('open');
    expect(opened).not.toBe(old);
    expect(log.detector.incidents.get(opened ?? '')?.previousId).toBe(old);
  });
});
