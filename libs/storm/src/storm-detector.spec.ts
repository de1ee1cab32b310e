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

describe('similar tickets', () => {
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
      severe_signal: null,
      failure: 1,
      identifiers: '',
      is_machine: false,
    });
    const [change] = outcome.changes;
    expect(outcome.changes).toHaveLength(1);
    expect(change).toMatchObject({ status: 'open', epoch: 1, representative_ticket_id: 'T1' });
    const ids = [...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `T${n}`), 'last'];
    expect(change?.joined).toEqual(
      ids.map((ticket_id) => ({ ticket_id, similarity: 1, routed_signal: null, is_decided: false })),
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

  it('routes a member that says something severe, and says by which rule', () => {
    const log = aStorm();
    expect(log.arrive({ severe_signal: 'legal-threat' })).toMatchObject({
      routing: 'routed',
      routed_signal: 'legal-threat',
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
      routed_signal: null,
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
    const nothing = { incident: null, nearest: null, routed_signal: null, kept_out: null };
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
      ...{
        embedding: embedding(),
        words: words(),
        severe_signal: null,
        failure: 1,
        identifiers: '',
        is_machine: false,
      },
      elsewhere: { told: true },
    });
    expect(log.detector.verdictOf('late')).toMatchObject({ routing: 'routed', incident: { epoch: 1 } });
    expect(late.changes).toMatchObject([{ is_told: true, joined: [{ ticket_id: 'late', is_decided: true }] }]);
  });

  it('takes for no news what its founders say themselves, however severe', () => {
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

  it('routes what always counts, also where all of its founders say the same', () => {
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
  ])('when %s, names the members that are not suppressed by it', (_how, entry, news) => {
    const log = new StormLog();
    log.arriveTimes(2);
    log.arrive({ severe_signal: 'exposure_lawyer' });
    log.arrive({ severe_signal: 'harm_danger', always_routed: true });
    const { changes } = log.append({ ...entry, ticket_ids: ['T1', 'T2', 'T3', 'T4'] });
    expect(changes[0]?.joined.map(({ routed_signal }) => routed_signal)).toEqual([null, null, news, 'harm_danger']);
  });

  it('routes what always counts and belongs to it by its record', () => {
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
