import { StormDetector } from './storm-detector';
import type { StormEntry } from './log/storm-entry';
import { LATE_MS } from './rules';
import { RULES, StormLog, embedding, words } from './spec-support/storm-log';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** A log with one open incident of eleven. */
function aStorm(): StormLog {
  const log = new StormLog();
  log.arriveTimes(11);
  return log;
}

describe('look-alikes', () => {
  it('open one incident with the eleventh, which alone is suppressed; ten open none', () => {
    const log = new StormLog();
    const first = log.arriveTimes(10);
    expect(first.every(({ routing, incident }) => routing === 'routed' && incident === null)).toBe(true);
    expect(log.detector.incidents.size).toBe(0);
    const eleventh = log.arrive();
    expect(eleventh).toMatchObject({ routing: 'suppressed', incident: { epoch: 1, similarity: 1 } });
    const [incident] = log.detector.incidents.values();
    expect(incident).toMatchObject({ status: 'open', representativeId: 'T1', requesterCount: 11 });
    expect([...(incident?.members.values() ?? [])].filter((member) => member.isSuppressed)).toHaveLength(1);
  });

  it('name the first ten when it opens, so that those who still wait can be taken out of the line', () => {
    const log = new StormLog();
    log.arriveTimes(10);
    const outcome = log.append({
      kind: 'arrived',
      ticket_id: 'last',
      received_ms: log.nowMs,
      requester: null,
      embedding: embedding(),
      words: words(),
      grave: null,
      failure: 1,
      identifiers: '',
      is_machine: false,
    });
    const [change] = outcome.changes;
    expect(outcome.changes).toHaveLength(1);
    expect(change).toMatchObject({ status: 'open', epoch: 1, representative_ticket_id: 'T1' });
    const ids = [...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `T${n}`), 'last'];
    expect(change?.joined).toEqual(
      ids.map((ticket_id) => ({ ticket_id, similarity: 1, grave: null, is_decided: false })),
    );
  });

  it('of one requester count as one, and of nobody as one each', () => {
    const log = new StormLog();
    log.arriveTimes(40, { requester: 'angry@example.org' });
    log.arriveTimes(9);
    expect(log.detector.incidents.size).toBe(0);
    expect(log.arrive().routing).toBe('suppressed');
    expect([...log.detector.incidents.values()][0]?.members.size).toBe(50);
  });

  it('must be strictly more similar than the threshold to the newcomer, not to each other by way of others', () => {
    const log = new StormLog();
    for (let n = 0; n < 11; n += 1) log.arrive({ embedding: embedding(n * 10) });
    expect(log.detector.incidents.size).toBe(0);
    log.arriveTimes(4, { embedding: embedding(50) });
    expect(log.detector.incidents.size).toBe(0);
    log.arriveTimes(3, { embedding: embedding(50) });
    expect(log.detector.incidents.size).toBe(1);
  });

  it('must have arrived within one window, whenever they were understood: a drained backlog is no storm', () => {
    const log = new StormLog();
    for (let n = 0; n < 30; n += 1) log.arrive({ received_ms: log.nowMs - n * MINUTE });
    expect(log.detector.incidents.size).toBe(0);
    const late = new StormLog();
    const since = late.nowMs;
    for (let n = 0; n < 10; n += 1) late.arrive();
    late.wait(15 * MINUTE);
    expect(late.arrive({ received_ms: since + 5 * MINUTE }).routing).toBe('suppressed');
  });

  it('count no more when they were understood too long ago', () => {
    const log = new StormLog();
    const since = log.nowMs;
    log.arriveTimes(10);
    log.wait(21 * MINUTE);
    expect(log.arrive({ received_ms: since }).routing).toBe('routed');
  });

  it('of the future and of a year ago count with those of their time only', () => {
    const log = new StormLog();
    log.arriveTimes(5, { received_ms: log.nowMs + DAY });
    log.arriveTimes(5, { received_ms: log.nowMs - 365 * DAY });
    expect(log.arrive().routing).toBe('routed');
    expect(log.arriveTimes(6, { received_ms: log.nowMs + DAY }).at(-1)?.routing).toBe('suppressed');
  });
});

describe('an open incident', () => {
  it('takes in who is like its founding ticket or like the mean of its founders, and nobody else', () => {
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

  it('routes a member that says something grave, and says by which rule', () => {
    const log = aStorm();
    expect(log.arrive({ grave: 'legal-threat' })).toMatchObject({
      routing: 'routed',
      grave: 'legal-threat',
      incident: { epoch: 1 },
    });
    expect([...log.detector.incidents.values()][0]?.members.size).toBe(12);
  });

  it('answers a ticket that comes again as it did the first time, and counts it once', () => {
    const log = aStorm();
    const first = log.arrive({ ticket_id: 'again' });
    const [id = ''] = log.ids('open');
    expect(log.arrive({ ticket_id: 'again', embedding: embedding(0, 3) })).toEqual(first);
    expect(log.detector.incidents.get(id)?.members.size).toBe(12);
    log.append({ kind: 'resolved', incident_id: id });
    expect(log.detector.verdictOf('again')).toMatchObject({ routing: 'suppressed', incident: { id, epoch: 2 } });
  });

  it('lets its members be routed once it is rejected, and says how like it they were', () => {
    const log = aStorm();
    const [id = ''] = log.ids('open');
    log.append({ kind: 'rejected', incident_id: id });
    expect(log.detector.verdictOf('T11')).toEqual({
      routing: 'routed',
      incident: null,
      nearest: { id, similarity: 1 },
      grave: null,
      kept_out: null,
    });
  });

  it('forgets its members with their entries, and knows one again that is logged anew', () => {
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
    const nothing = { incident: null, nearest: null, grave: null, kept_out: null };
    expect(log.detector.verdictOf('T99')).toEqual({ routing: 'routed', ...nothing });
  });

  it('lets a forgotten member go for good', () => {
    const log = aStorm();
    const [incident_id = ''] = log.ids('open');
    log.wait(RULES.windowMs + LATE_MS + 1);
    log.append({ kind: 'tick' });
    const { changes } = log.append({ kind: 'unlinked', incident_id, ticket_id: 'T1' });
    expect(changes).toMatchObject([{ left: ['T1'], representative_ticket_id: null }]);
    const again = log.arrive({ ticket_id: 'T1', member_of: { incident_id, similarity: 1 } });
    expect(again).toMatchObject({ routing: 'routed', incident: null });
  });

  it('needs no more room in a snapshot for the members that it had once', () => {
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

  it('may be opened by hand around tickets of one that has ended, but not around those that one holds', () => {
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

  it('takes in what was decided elsewhere without deciding again, and is known if it was one there', () => {
    const log = new StormLog();
    log.arriveTimes(10, { elsewhere: { told: true } });
    expect(log.arrive().routing).toBe('suppressed');
    const late = log.append({
      ...{ kind: 'arrived', ticket_id: 'late', received_ms: log.nowMs - 60_000, requester: null },
      ...{ embedding: embedding(), words: words(), grave: null, failure: 1, identifiers: '', is_machine: false },
      elsewhere: { told: true },
    });
    expect(log.detector.verdictOf('late')).toMatchObject({ routing: 'routed', incident: { epoch: 1 } });
    expect(late.changes).toMatchObject([{ is_told: true, joined: [{ ticket_id: 'late', is_decided: true }] }]);
  });

  it('takes for no news what its founders say themselves, however grave', () => {
    const log = new StormLog();
    log.arriveTimes(11, { grave: 'exposure_leak' });
    expect(log.ids('open')).toHaveLength(1);
    expect(log.arrive({ grave: 'exposure_leak' })).toMatchObject({ routing: 'suppressed', grave: null });
    expect(log.arrive({ grave: 'harm_danger' })).toMatchObject({ routing: 'routed', grave: 'harm_danger' });
  });

  it('routes what always counts, also where all of its founders say the same', () => {
    const log = new StormLog();
    const gas = { grave: 'harm_danger', always_routed: true };
    log.arriveTimes(10, gas);
    const opened = log.append({
      ...{ kind: 'arrived', ticket_id: 'last', received_ms: log.nowMs, requester: null, ...gas },
      ...{ embedding: embedding(), words: words(), failure: 1, identifiers: '', is_machine: false },
    });
    expect(opened.changes).toMatchObject([{ status: 'open', joined: Array(11).fill({ grave: 'harm_danger' }) }]);
    expect(log.detector.verdictOf('last')).toMatchObject({ routing: 'routed', grave: 'harm_danger' });
    expect(log.arrive(gas)).toMatchObject({ routing: 'routed', grave: 'harm_danger', incident: { epoch: 1 } });
    expect(log.arrive().routing).toBe('suppressed');
    // As entries of an earlier version say it.
    expect(log.arrive({ grave: 'harm_danger' }).routing).toBe('suppressed');
  });

  it.each([
    ['opened by hand', { kind: 'opened_by_hand', incident_id: 'mine', title: 'Mine' } as const, null],
    ['suspected', { kind: 'suspected', incident_id: 'mine', similarity: 0.6 } as const, 'exposure_lawyer'],
  ])('when %s, names the members that are not suppressed by it', (_how, entry, news) => {
    const log = new StormLog();
    log.arriveTimes(2);
    log.arrive({ grave: 'exposure_lawyer' });
    log.arrive({ grave: 'harm_danger', always_routed: true });
    const { changes } = log.append({ ...entry, ticket_ids: ['T1', 'T2', 'T3', 'T4'] });
    expect(changes[0]?.joined.map(({ grave }) => grave)).toEqual([null, null, news, 'harm_danger']);
  });

  it('routes what always counts and belongs to it by its record', () => {
    const log = aStorm();
    const [incident_id = ''] = log.ids('open');
    const severe = { grave: 'harm_danger', always_routed: true };
    const verdict = log.arrive({ ...severe, member_of: { incident_id, similarity: 1 } });
    expect(verdict).toMatchObject({ routing: 'routed', grave: 'harm_danger', incident: { id: incident_id } });
  });

  it('keeps its members from counting towards another', () => {
    const log = aStorm();
    log.append({ kind: 'resolved', incident_id: log.ids('open')[0] ?? '' });
    expect(log.arriveTimes(10).every(({ routing }) => routing === 'routed')).toBe(true);
    expect(log.ids('open')).toEqual([]);
  });

  it('is quiet after half an hour without a member, absorbs nothing then, and goes on with the next burst', () => {
    const log = aStorm();
    const [id] = log.ids('open');
    log.wait(30 * MINUTE);
    expect(log.append({ kind: 'tick' }).changes).toMatchObject([{ incident_id: id, status: 'quiet', epoch: 2 }]);
    expect(log.arriveTimes(10).every(({ routing }) => routing === 'routed')).toBe(true);
    expect(log.arrive()).toMatchObject({ routing: 'suppressed', incident: { id, epoch: 3 } });
    expect(log.ids('open')).toEqual([id]);
  });

  it('is compared with no single ticket once it has been quiet for more than a day', () => {
    const log = aStorm();
    const [id] = log.ids('open');
    log.wait(DAY);
    expect(log.arrive().nearest).toEqual({ id, similarity: 1 });
    log.wait(2);
    expect(log.arrive().nearest).toBeNull();
    log.append({ kind: 'resolved', incident_id: id! });
    expect(log.ids('resolved')).toEqual([id]);
  });

  it('is another one, which names the old, if the burst comes more than a day later', () => {
    const log = aStorm();
    const [old] = log.ids('open');
    log.wait(DAY + MINUTE);
    log.arriveTimes(11);
    const [opened] = log.ids('open');
    expect(opened).not.toBe(old);
    expect(log.detector.incidents.get(opened ?? '')?.previousId).toBe(old);
  });
});

describe('a burst where the settings say who vouches', () => {
  const unvouched = { unvouched: true };
  /** The most that two tickets differ: as similar as the threshold asks for. */
  const invented = (log: StormLog, count: number, ticket = {}) => log.arriveTimes(count, { ...unvouched, ...ticket });
  const heldOf = (log: StormLog) => [...log.detector.incidents.values()].map(({ status, held }) => [status, held]);

  it('by invented requesters alone is held as suspected, however many they are: nobody is suppressed', () => {
    const log = new StormLog();
    expect(invented(log, 11).at(-1)).toMatchObject({ routing: 'routed', kept_out: 'unverified_requesters' });
    expect(heldOf(log)).toEqual([['suspected', 'unverified_requesters']]);
    for (let minutes = 0; minutes < 60; minutes += 1) {
      expect(invented(log, 20).every(({ routing }) => routing === 'routed')).toBe(true);
      log.wait(MINUTE);
    }
    expect(log.arrive()).toMatchObject({ routing: 'routed', incident: null });
    expect(heldOf(log)).toEqual([['suspected', 'unverified_requesters']]);
    expect(log.detector.largeSuspicions('all')).toEqual([]);
  });

  it('is told once as suspected, with its first members, and grows', () => {
    const log = new StormLog();
    invented(log, 10);
    const eleventh: Parameters<StormLog['append']>[0] = {
      ...{ kind: 'arrived', ticket_id: 'last', received_ms: log.nowMs, requester: null, unvouched: true, grave: null },
      ...{ embedding: embedding(), words: words(), failure: 1, identifiers: '', is_machine: false },
    };
    const [change, ...more] = log.append(eleventh).changes;
    expect(more).toEqual([]);
    expect(change).toMatchObject({
      status: 'suspected',
      held: 'unverified_requesters',
      representative_ticket_id: 'T1',
      opened_ms: null,
    });
    expect(change?.joined).toHaveLength(11);
    const [grown] = log.append({ ...eleventh, ticket_id: 'later' }).changes;
    expect(grown).toMatchObject({
      incident_id: change?.incident_id,
      has_new_status: false,
      joined: [{ ticket_id: 'later' }],
    });
  });

  it('opens when an operator confirms it', () => {
    const log = new StormLog();
    invented(log, 11);
    const [incident_id = ''] = log.ids('suspected');
    expect(log.append({ kind: 'confirmed', incident_id }).changes).toMatchObject([{ status: 'open', held: null }]);
    expect(log.arrive().routing).toBe('suppressed');
  });

  it('opens with more vouched requesters than the threshold, whoever else writes, and takes in what was held', () => {
    const log = new StormLog();
    invented(log, 15);
    const [held] = log.ids('suspected');
    expect(log.arriveTimes(10).every(({ routing }) => routing === 'routed')).toBe(true);
    expect(log.arrive().routing).toBe('suppressed');
    const [opened] = log.ids('open');
    expect(log.detector.incidents.get(opened ?? '')?.members.size).toBe(26);
    expect(log.detector.isGone(held ?? '')).toBe(true);
    expect(invented(log, 1)).toMatchObject([{ routing: 'suppressed' }]);
  });

  it('is about what the vouched ones say: others do not draw it to themselves', () => {
    const log = new StormLog();
    invented(log, 50, { embedding: embedding(24) });
    log.arriveTimes(11);
    expect(log.ids('open')).toHaveLength(1);
    // 26 degrees from the vouched ones, 2 from the others.
    expect(log.arrive({ embedding: embedding(26) })).toMatchObject({ routing: 'routed', incident: null });
    expect(log.arrive({ embedding: embedding(20) }).routing).toBe('suppressed');
  });

  it('does not open by an invented ticket that is similar to many vouched ones which are not similar to each other', () => {
    const log = new StormLog();
    for (let n = 0; n < 11; n += 1) log.arrive({ embedding: embedding(n % 2 === 0 ? -20 : 20) });
    expect(invented(log, 1)).toMatchObject([{ routing: 'routed', kept_out: 'unverified_requesters' }]);
    expect(log.ids('open')).toEqual([]);
  });

  it('opens with half as many vouched ones once it has been held for ten minutes and still grows', () => {
    const log = new StormLog();
    invented(log, 11);
    log.wait(9 * MINUTE);
    invented(log, 11);
    expect(log.arriveTimes(6).every(({ routing }) => routing === 'routed')).toBe(true);
    log.wait(MINUTE);
    invented(log, 1);
    expect(log.ids('open')).toEqual([]);
    expect(log.arrive().routing).toBe('suppressed');
    expect(heldOf(log)).toEqual([['open', null]]);
  });

  it('of which the vouched ones are as frequent as ever does not open, however long it is held and whatever is invented', () => {
    const log = new StormLog();
    const moment = (inventedToo: number): void => {
      for (let n = 0; n < 21; n += 1)
        log.arrive({ embedding: embedding(0, 1 + (n % 7)), failure: 0, identifiers: `${log.nowMs} ${n}` });
      expect(log.arrive({ failure: 0 }).routing).toBe('routed');
      expect(invented(log, inventedToo, { failure: 0 }).every(({ routing }) => routing === 'routed')).toBe(true);
      log.wait(25_000);
    };
    // Twelve in a window: more than the threshold, and no more than ever.
    for (let moments = 0; moments < 48; moments += 1) moment(0);
    for (let moments = 0; moments < 48; moments += 1) moment(6);
    // Longer than the log knows what was invented; the suspicion lives on by the honest ones.
    for (let moments = 0; moments < 60; moments += 1) moment(0);
    expect(heldOf(log)).toEqual([['suspected', 'unverified_requesters']]);
  });

  it('opens with vouched tickets of a second source, half as many as the threshold, and not with a few', () => {
    const log = new StormLog();
    const mail = { unvouched: false, source: 'mail' };
    invented(log, 30, { source: 'form' });
    invented(log, 5, mail);
    expect(heldOf(log)).toEqual([['suspected', 'unverified_requesters']]);
    invented(log, 1, mail);
    expect(heldOf(log)).toEqual([['open', null]]);
  });

  it('does not open by invented tickets beside as many vouched ones of another source, whoever came first', () => {
    for (const isInventedFirst of [true, false]) {
      const log = new StormLog();
      const groups = [{ source: 'form' }, { unvouched: false, source: 'shop' }];
      for (const sender of isInventedFirst ? groups : groups.toReversed()) invented(log, 5, sender);
      invented(log, 20, { source: 'form' });
      expect(heldOf(log)).toEqual([['suspected', 'unverified_requesters']]);
    }
  });

  it.each([
    ['one source', { source: 'form' }, { source: 'form' }],
    ['one source and an unknown one', { source: 'form' }, {}],
    ['unknown ones', {}, {}],
  ])('by %s stays held', (_what, first, second) => {
    const log = new StormLog();
    invented(log, 30, first);
    invented(log, 30, second);
    expect(heldOf(log)).toEqual([['suspected', 'unverified_requesters']]);
  });

  it('that is rejected does not make it harder for vouched requesters to open one', () => {
    const log = new StormLog();
    invented(log, 60);
    log.append({ kind: 'rejected', incident_id: log.ids('suspected')[0] ?? '' });
    log.arriveTimes(10);
    expect(log.ids('open')).toEqual([]);
    log.arrive();
    expect(log.ids('open')).toHaveLength(1);
  });

  it('after a rejection opens nothing and holds nothing', () => {
    const log = aStorm();
    log.append({ kind: 'rejected', incident_id: log.ids('open')[0] ?? '' });
    invented(log, 40);
    expect(heldOf(log)).toEqual([['rejected', null]]);
    log.arriveTimes(11);
    invented(log, 20);
    expect(log.ids('open')).toEqual([]);
    log.arrive();
    expect(log.ids('open')).toHaveLength(1);
  });

  it('stays what it is in the log of another broker', () => {
    const log = new StormLog();
    const sender = { unvouched: true, source: 'form', grave: 'harm_danger', always_routed: true };
    log.arrive(sender);
    log.arrive();
    expect(log.detector.entryOf('T1')).toMatchObject(sender);
    expect(Object.keys(log.detector.entryOf('T2') ?? {})).not.toContain('unvouched');
  });

  it('that the watch suspects is held where fewer than half are vouched for, and does not open by itself', () => {
    const suspect = (vouchedOnes: number) => {
      const log = new StormLog();
      for (let n = 0; n < 30; n += 1) log.arrive({ embedding: embedding(7 * n), unvouched: n >= vouchedOnes });
      const ticket_ids = Array.from({ length: 30 }, (_, n) => `T${n + 1}`);
      log.append({ kind: 'suspected', incident_id: 'burst', ticket_ids, similarity: 0.5 });
      return [log.detector.incidents.get('burst')?.held, log.detector.largeSuspicions('failures')];
    };
    expect(suspect(14)).toEqual(['unverified_requesters', []]);
    expect(suspect(15)).toEqual([null, ['burst']]);
  });
});

describe('a rejected incident', () => {
  /** An incident of eleven requesters, `p0` to `p10`, that an operator has rejected. */
  function aRejection(): StormLog {
    const log = new StormLog();
    write(log, 0, 11);
    log.append({ kind: 'rejected', incident_id: log.ids('open')[0] ?? '' });
    return log;
  }

  /** Tickets of requesters in turn; whether each is routed. */
  const write = (log: StormLog, from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => log.arrive({ requester: `p${from + n}` }).routing === 'routed');

  it('keeps those who wrote it from opening another until nothing similar has come for the quiet time', () => {
    const log = aRejection();
    for (let times = 0; times < 3; times += 1) expect(write(log, 0, 11)).not.toContain(false);
    log.wait(29 * MINUTE);
    expect(write(log, 0, 11)).not.toContain(false);
    log.wait(30 * MINUTE);
    expect(write(log, 0, 11)).toEqual([...Array(10).fill(true), false]);
  });

  it('keeps as many others as it had from opening another, but not more', () => {
    const log = aRejection();
    expect(write(log, 11, 22)).not.toContain(false);
    expect(write(log, 22, 23)).toEqual([false]);
    const [opened] = log.ids('open');
    expect([...(log.detector.incidents.get(opened ?? '')?.members.keys() ?? [])]).toEqual(
      Array.from({ length: 12 }, (_, n) => `T${12 + n}`),
    );
  });

  it('does not keep a burst of others from opening one, though something similar came every half an hour', () => {
    const log = aRejection();
    for (let times = 0; times < 2; times += 1) {
      log.wait(29 * MINUTE);
      expect(write(log, 50 + times, 51 + times)).toEqual([true]);
    }
    log.wait(6 * MINUTE);
    expect(write(log, 0, 5)).not.toContain(false);
    expect(write(log, 100, 111)).toEqual([...Array(10).fill(true), false]);
  });

  it('keeps similar tickets from opening another for two hours at most, however many come', () => {
    const log = aRejection();
    for (let times = 0; times < 4; times += 1) {
      log.wait(29 * MINUTE);
      expect(write(log, 0, 11)).not.toContain(false);
    }
    log.wait(3 * MINUTE);
    expect(write(log, 0, 11)).not.toContain(false);
    log.wait(MINUTE);
    expect(write(log, 0, 11)).toEqual([...Array(10).fill(true), false]);
  });

  it('does not come back while its matter is as frequent as it was', () => {
    const log = new StormLog();
    const stream = (minutes: number): void => {
      for (let moments = 0; moments < minutes * 6; moments += 1) {
        log.arrive({ requester: `s${log.nowMs}` });
        for (let topic = 1; topic < 6; topic += 1)
          log.arrive({ embedding: embedding(0, topic), failure: 0, identifiers: `${log.nowMs}` });
        log.wait(10_000);
      }
    };
    stream(2);
    log.append({ kind: 'rejected', incident_id: log.ids('open')[0] ?? '' });
    stream(115);
    expect(log.ids('open')).toEqual([]);
  });

  it('keeps similar tickets from counting towards another one', () => {
    const log = aRejection();
    for (let n = 0; n < 10; n += 1) log.arrive({ embedding: embedding(20) });
    // As similar to these ten as they are to the rejected incident, but no part of that.
    expect(log.arrive({ embedding: embedding(40) })).toMatchObject({ routing: 'routed', incident: null });
    expect(log.ids('open')).toEqual([]);
  });

  it('does not stand in the way of others', () => {
    const log = aStorm();
    log.append({ kind: 'rejected', incident_id: log.ids('open')[0] ?? '' });
    expect(log.arriveTimes(11, { embedding: embedding(0, 2) }).at(-1)?.routing).toBe('suppressed');
  });
});

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

  it('are told of an incident that nobody knows', () => {
    expect(new StormLog().append({ kind: 'rejected', incident_id: 'none' }).refused).toBe('unknown');
  });

  it('who decide at the same time: the first in the log is right', () => {
    const log = aStorm();
    const [incident_id = ''] = log.ids('open');
    expect(log.append({ kind: 'rejected', incident_id }).refused).toBeNull();
    expect(log.append({ kind: 'resolved', incident_id }).refused).toBe('not_allowed');
  });

  it('unlink a ticket for good: it counts no more, and no other incident gets it', () => {
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

  it('open an incident around tickets, which draws their like', () => {
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

  it('open one around tickets that the log does not hold: no ticket is said to be like it', () => {
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

  it('are so many that none opens by itself, and the ticket says so, until one has ended', () => {
    const log = full();
    const last = log.arriveTimes(11).at(-1);
    expect(last).toMatchObject({ routing: 'routed', incident: null, kept_out: 'too_many_incidents' });
    expect(log.ids('open')).toHaveLength(1_000);
    log.append({ kind: 'resolved', incident_id: 'hand-0' });
    expect(log.arrive().routing).toBe('suppressed');
  });

  it('do not keep an operator from opening or confirming another', () => {
    const log = full();
    log.arriveTimes(3);
    log.append({ kind: 'opened_by_hand', incident_id: 'mine', title: 'Mine', ticket_ids: ['T1'] });
    log.append({ kind: 'suspected', incident_id: 'maybe', ticket_ids: ['T2', 'T3'], similarity: 0.6 });
    expect(log.detector.largeSuspicions('all')).toEqual([]);
    expect(log.append({ kind: 'confirmed', incident_id: 'maybe' }).refused).toBeNull();
    expect(log.ids('open')).toHaveLength(1_002);
  });
});

describe('a suspicion', () => {
  const suspected = (): StormLog => {
    const log = new StormLog();
    log.arriveTimes(5, { embedding: embedding(0, 1) });
    const ticket_ids = ['T1', 'T2', 'T3', 'T4', 'T5'];
    log.append({ kind: 'suspected', incident_id: 'maybe', ticket_ids, similarity: 0.6 });
    return log;
  };

  it('suppresses nothing, but takes note of followers', () => {
    const log = suspected();
    expect(log.arrive({ embedding: embedding(45, 1) })).toMatchObject({ routing: 'routed', incident: null });
    expect(log.detector.incidents.get('maybe')?.members.size).toBe(6);
  });

  it('that is confirmed takes in and suppresses what is near the mean of its founders', () => {
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

  it('names a thousand members at most, and stays as long as more come', () => {
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

  it('is large with more requesters than the rules in force ask for', () => {
    const log = suspected();
    expect(log.detector.largeSuspicions('all')).toEqual([]);
    log.append({ kind: 'rules', rules: { ...RULES, ticketThreshold: 4 } });
    expect(log.detector.rulesInForce.ticketThreshold).toBe(4);
    expect(log.detector.largeSuspicions('all')).toEqual(['maybe']);
    log.append({ kind: 'confirmed', incident_id: 'maybe' });
    expect(log.detector.largeSuspicions('all')).toEqual([]);
  });

  it('that nobody confirms is gone after the quiet time', () => {
    const log = suspected();
    log.wait(30 * MINUTE);
    expect(log.append({ kind: 'tick' }).changes).toMatchObject([{ incident_id: 'maybe', status: 'gone' }]);
    expect(log.detector.incidents.size).toBe(0);
  });

  it('does not keep its tickets from opening an incident by themselves', () => {
    const log = suspected();
    expect(log.arriveTimes(6, { embedding: embedding(0, 1) }).at(-1)?.routing).toBe('suppressed');
    expect(log.detector.isGone('maybe')).toBe(true);
    expect(log.detector.incidents.get('maybe')).toBeUndefined();
  });
});

describe('without embeddings', () => {
  const saying = (...indices: number[]) => words(...indices.map((index) => [index, 1] as const));

  it('tickets are compared by their words, and the incident says so', () => {
    const log = new StormLog();
    log.arriveTimes(10, { embedding: null, words: saying(1, 2, 3, 4, 5) });
    expect(log.arrive({ embedding: null, words: saying(7, 8, 9) }).routing).toBe('routed');
    // One that has an embedding, as the model is back: the others have none.
    expect(log.arrive({ words: saying(1, 2, 3, 4, 5) }).routing).toBe('suppressed');
    expect([...log.detector.incidents.values()][0]?.isDegraded).toBe(true);
  });

  it('a text without a known word is like nothing, not even another one', () => {
    const log = new StormLog();
    expect(log.arriveTimes(20, { embedding: null }).every(({ routing }) => routing === 'routed')).toBe(true);
  });

  it('embeddings of different models, or of different lengths, are not compared', () => {
    const log = new StormLog();
    const { numbers } = embedding();
    log.arriveTimes(10, { embedding: { model: 'other', numbers } });
    log.arriveTimes(10, { embedding: { model: 'spec', numbers: numbers.slice(0, 8) } });
    expect(log.arrive().routing).toBe('routed');
    expect(log.arrive({ embedding: { model: 'spec', numbers: new Int8Array(16) } }).routing).toBe('routed');
  });
});

describe('two versions of the rules', () => {
  it('agree, because the rules in force stand in the log', () => {
    const log = new StormLog();
    const other = new StormDetector({ ...RULES, ticketThreshold: 2 });
    log.append({ kind: 'rules', rules: { ...RULES, ticketThreshold: 4 } });
    log.arriveTimes(5);
    expect(log.ids('open')).toHaveLength(1);
    const verdicts = log.entries.map((entry) => {
      other.apply(entry);
      return entry.kind === 'arrived' ? other.verdictOf(entry.ticket_id).routing : null;
    });
    expect(verdicts).toEqual([null, 'routed', 'routed', 'routed', 'routed', 'suppressed']);
  });

  it('live side by side: an entry of a kind that the older one does not know is passed over', () => {
    const log = aStorm();
    const entry = { kind: 'merged', id: '9', at_ms: log.nowMs } as unknown as StormEntry;
    expect(log.detector.apply(entry)).toEqual({ changes: [], refused: null });
  });
});
