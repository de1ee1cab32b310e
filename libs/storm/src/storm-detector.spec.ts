import { StormDetector } from './storm-detector';
import type { StormEntry } from './log/storm-entry';
import { RULES, StormLog, aStorm, embedding, words } from './spec-support/storm-log';

const MINUTE = 60_000;
const DAY = 86_400_000;

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

  it('include the first ten when it opens, so that those that still wait can leave the line', () => {
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

  it('of one requester count as one, and without a requester as one each', () => {
    const log = new StormLog();
    log.arriveTimes(40, { requester: 'angry@example.org' });
    log.arriveTimes(9);
    expect(log.detector.incidents.size).toBe(0);
    expect(log.arrive().routing).toBe('suppressed');
    expect([...log.detector.incidents.values()][0]?.members.size).toBe(50);
  });

  it('must be strictly more similar than the threshold to the newcomer itself', () => {
    const log = new StormLog();
    for (let n = 0; n < 11; n += 1) log.arrive({ embedding: embedding(n * 10) });
    expect(log.detector.incidents.size).toBe(0);
    log.arriveTimes(4, { embedding: embedding(50) });
    expect(log.detector.incidents.size).toBe(0);
    log.arriveTimes(3, { embedding: embedding(50) });
    expect(log.detector.incidents.size).toBe(1);
  });

  it('must have been received within one window, whenever they were classified: a drained backlog is no storm', () => {
    const log = new StormLog();
    for (let n = 0; n < 30; n += 1) log.arrive({ received_ms: log.nowMs - n * MINUTE });
    expect(log.detector.incidents.size).toBe(0);
    const late = new StormLog();
    const since = late.nowMs;
    for (let n = 0; n < 10; n += 1) late.arrive();
    late.wait(15 * MINUTE);
    expect(late.arrive({ received_ms: since + 5 * MINUTE }).routing).toBe('suppressed');
  });

  it('stop counting once they were classified too long ago', () => {
    const log = new StormLog();
    const since = log.nowMs;
    log.arriveTimes(10);
    log.wait(21 * MINUTE);
    expect(log.arrive({ received_ms: since }).routing).toBe('routed');
  });

  it('count with those of their time only, be it the future or a year ago', () => {
    const log = new StormLog();
    log.arriveTimes(5, { received_ms: log.nowMs + DAY });
    log.arriveTimes(5, { received_ms: log.nowMs - 365 * DAY });
    expect(log.arrive().routing).toBe('routed');
    expect(log.arriveTimes(6, { received_ms: log.nowMs + DAY }).at(-1)?.routing).toBe('suppressed');
  });
});

describe('without embeddings', () => {
  const saying = (...indices: number[]) => words(...indices.map((index) => [index, 1] as const));

  it('tickets are compared by their words, and the incident is degraded', () => {
    const log = new StormLog();
    log.arriveTimes(10, { embedding: null, words: saying(1, 2, 3, 4, 5) });
    expect(log.arrive({ embedding: null, words: saying(7, 8, 9) }).routing).toBe('routed');
    // One that has an embedding, as the model is back: the others have none.
    expect(log.arrive({ words: saying(1, 2, 3, 4, 5) }).routing).toBe('suppressed');
    expect([...log.detector.incidents.values()][0]?.isDegraded).toBe(true);
  });

  it('a text without a known word is similar to nothing, not even to another one', () => {
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
  it('agree, because the log has the rules in force', () => {
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

  it('work side by side: the older one ignores an entry of an unknown kind', () => {
    const log = aStorm();
    const entry = { kind: 'merged', id: '9', at_ms: log.nowMs } as unknown as StormEntry;
    expect(log.detector.apply(entry)).toEqual({ changes: [], refused: null });
  });
});
