import type { StormVerdict } from '@smart-support/contracts';
import { encodeDense } from './log/encode-vectors';
import { StormLog, type Ticket, embedding, words } from './spec-support/storm-log';
import type { StormSnapshot } from './state/storm-snapshot';
import { StormDetector } from './storm-detector';
import { quantisedVector } from './vectors/quantised-vector';

const MINUTE = 60_000;
/** One of sixteen matters that have nothing in common. */
const matter = (number: number): Ticket => ({ embedding: embedding(number % 2 === 0 ? 0 : 90, number >> 1) });

/** Numbers below 16, at random but always the same. */
function shuffled(): () => number {
  let state = 11;
  return () => (state = (state * 48_271) % 2_147_483_647) % 16;
}

/** Tickets at so many a second, each about one of sixteen everyday matters. */
function everyday(log: StormLog, count: number, perSecond: number, next = shuffled()): StormVerdict[] {
  return Array.from({ length: count }, () => {
    log.wait(1_000 / perSecond);
    return log.arrive(matter(next()));
  });
}

/** What the last days were about: the first matter makes up such a share. */
function nameUsual(log: StormLog, share: number): void {
  const numbers = encodeDense(quantisedVector(embedding(0, 0).numbers));
  const matters = [{ numbers, tickets: 1_000 * share }];
  log.append({ kind: 'reference', reference: { model: 'spec', tickets: 1_000, matters } });
}

describe('a common matter', () => {
  it.each([1, 12, 50])('at a steady rate among %i tickets a second opens nothing, and is as usual', (perSecond) => {
    const log = new StormLog();
    const verdicts = everyday(log, 3_000, perSecond);
    expect(log.detector.incidents.size).toBe(0);
    expect(new Set(verdicts.map(({ routing }) => routing))).toEqual(new Set(['routed']));
    expect(verdicts.at(-1)?.kept_out).toBe('as_usual');
  });

  it('that is suddenly five times as frequent opens an incident', () => {
    const log = new StormLog();
    const next = shuffled();
    everyday(log, 2_000, 5, next);
    // One of sixteen before, five of twenty now.
    const flood = Array.from({ length: 60 }, () => {
      const [first = null] = Array.from({ length: 4 }, () => log.arrive(matter(0)));
      everyday(log, 15, 5, next);
      return first;
    });
    expect(flood.some((verdict) => verdict?.routing === 'suppressed')).toBe(true);
    expect(log.detector.incidents.size).toBe(1);
    expect(log.detector.verdictOf('T2000').incident).toBeNull();
  });

  it('at a few tickets a minute is a storm by the plain rule: at the eleventh', () => {
    const log = new StormLog();
    const verdicts = Array.from({ length: 11 }, (_, index) => {
      log.wait(10_000);
      log.arrive(matter(1 + index));
      return log.arrive(matter(0));
    });
    expect(verdicts.map(({ routing }) => routing)).toEqual([...Array<string>(10).fill('routed'), 'suppressed']);
  });

  it('of one ticket in six opens nothing from the first minute on, where sixty a minute come', () => {
    const log = new StormLog();
    for (let minute = 0; minute < 20; minute += 1) {
      for (let index = 0; index < 60; index += 1) {
        log.wait(1_000);
        log.arrive(index % 6 === 0 ? matter(0) : matter(1 + (index % 15)));
      }
    }
    expect(log.detector.incidents.size).toBe(0);
  });
});

describe('what the log names as usual', () => {
  const halfOfAll = (log: StormLog, count: number): StormVerdict[] =>
    Array.from({ length: count }, (_, index) => {
      log.wait(5_000);
      log.arrive(matter(1 + (index % 15)));
      return log.arrive(matter(0));
    });

  it('opens nothing at its usual share, though hardly any tickets are known yet', () => {
    const log = new StormLog();
    nameUsual(log, 0.4);
    const verdicts = halfOfAll(log, 30);
    expect(log.detector.incidents.size).toBe(0);
    expect(verdicts[10]?.kept_out).toBe('as_usual');
  });

  it('opens an incident when it is much more', () => {
    const log = new StormLog();
    nameUsual(log, 0.1);
    expect(halfOfAll(log, 30).at(-1)?.routing).toBe('suppressed');
  });

  it('hides no outage among the alarms of a monitor, which it knows nothing about', () => {
    const log = new StormLog();
    nameUsual(log, 0.05);
    const alarms = (count: number): void => {
      for (let alarm = 0; alarm < count; alarm += 1) {
        log.wait(200);
        log.arrive({ embedding: null, words: words([log.entries.length, 1]), is_machine: true });
      }
    };
    alarms(1_000);
    const verdicts = Array.from({ length: 11 }, () => {
      alarms(9);
      return log.arrive(matter(0));
    });
    expect(verdicts.map(({ routing }) => routing)).toEqual([...Array<string>(10).fill('routed'), 'suppressed']);
  });

  it('says nothing about other matters', () => {
    const log = new StormLog();
    nameUsual(log, 0.4);
    expect(log.arriveTimes(11, matter(5)).at(-1)?.routing).toBe('suppressed');
  });

  it('is replaced by what it names later', () => {
    const log = new StormLog();
    nameUsual(log, 0.4);
    nameUsual(log, 0);
    expect(halfOfAll(log, 11).at(-1)?.routing).toBe('suppressed');
    expect(log.detector.commonMatters?.matters).toMatchObject([{ tickets: 0 }]);
  });

  it('is still known, as is why a ticket was kept out, by a detector that goes on from a snapshot without the entry', () => {
    const log = new StormLog();
    nameUsual(log, 0.4);
    halfOfAll(log, 12);
    const snapshot = JSON.parse(JSON.stringify(log.detector.snapshot())) as StormSnapshot;
    const left = log.entries.filter(({ kind }) => kind === 'arrived');
    const usual = log.detector.commonMatters;
    log.detector = StormDetector.restore(snapshot, left);
    expect(log.detector.commonMatters).toEqual(usual);
    expect(log.detector.verdictOf('T24')).toMatchObject({ kept_out: 'as_usual', incident: null });
    expect(halfOfAll(log, 12).at(-1)?.kept_out).toBe('as_usual');
  });
});

describe('requests of one’s own', () => {
  const request = (number: number): Ticket => ({ failure: 0.1, identifiers: `order ${number}` });

  it('about as many orders open nothing, and say so', () => {
    const log = new StormLog();
    const verdicts = Array.from({ length: 30 }, (_, number) => log.arrive(request(number)));
    expect(log.detector.incidents.size).toBe(0);
    expect(verdicts[9]?.kept_out).toBeNull();
    expect(verdicts[10]?.kept_out).toBe('own_request');
  });

  it('about one order are one storm, which takes in what is about that order or reports a failure, and nothing else', () => {
    const log = new StormLog();
    expect(log.arriveTimes(11, request(1)).at(-1)?.routing).toBe('suppressed');
    expect(log.arrive(request(1)).routing).toBe('suppressed');
    expect(log.arrive(request(2))).toMatchObject({ routing: 'routed', incident: null });
    expect(log.arrive({ failure: 0.9, identifiers: 'order 3' }).routing).toBe('suppressed');
  });

  it('count towards a storm of reports of a failure, whatever they name', () => {
    const log = new StormLog();
    for (let number = 0; number < 10; number += 1) log.arrive(request(number));
    expect(log.arrive({ failure: 0.9, identifiers: 'order 99' })).toMatchObject({
      routing: 'suppressed',
      kept_out: null,
    });
    expect(log.arrive(request(100)).routing).toBe('suppressed');
  });
});

describe('alarms of a monitor', () => {
  const alarm: Ticket = { embedding: null, words: words([1, 1]), is_machine: true };

  it('are compared by their words, which makes no incident degraded', () => {
    const log = new StormLog();
    log.arriveTimes(12, alarm);
    expect([...log.detector.incidents.values()]).toMatchObject([{ status: 'open', isDegraded: false }]);
  });

  it('are told from tickets of people that no model read', () => {
    const log = new StormLog();
    log.arriveTimes(12, { ...alarm, is_machine: false });
    expect([...log.detector.incidents.values()]).toMatchObject([{ status: 'open', isDegraded: true }]);
  });
});

describe('a suspicion', () => {
  const suspected = (failures: readonly number[]): StormLog => {
    const log = new StormLog();
    const ticket_ids = failures.map((failure, index) => {
      log.arrive({ embedding: embedding(30 * (index % 4), index >> 2), failure });
      return `T${index + 1}`;
    });
    log.append({ kind: 'suspected', incident_id: 'maybe', ticket_ids, similarity: 0.6 });
    return log;
  };
  const eleven = (failure: number): number[] => Array<number>(11).fill(failure);

  it('is of failures if most of its members report one', () => {
    expect(suspected(eleven(0.9)).detector.largeSuspicions('failures')).toEqual(['maybe']);
    expect(suspected(eleven(0.1)).detector.largeSuspicions('failures')).toEqual([]);
    expect(suspected(eleven(0.1)).detector.largeSuspicions('all')).toEqual(['maybe']);
    expect(suspected([...eleven(0.9).slice(1), 0.1]).detector.largeSuspicions('failures')).toEqual(['maybe']);
    expect(suspected(eleven(0.9).slice(1)).detector.largeSuspicions('failures')).toEqual([]);
  });

  it('of requests about one order takes in no others once it is confirmed, but for reports of a failure', () => {
    const log = new StormLog();
    const ticket_ids = Array.from({ length: 11 }, (_, index) => `T${index + 1}`);
    for (let index = 0; index < 11; index += 1) {
      log.arrive({ embedding: embedding(25 * (index % 2)), failure: 0.1, identifiers: 'order 1' });
    }
    log.append({ kind: 'suspected', incident_id: 'maybe', ticket_ids, similarity: 0.6 });
    log.append({ kind: 'confirmed', incident_id: 'maybe' });
    expect(log.arrive({ failure: 0.1, identifiers: 'order 2' })).toMatchObject({ routing: 'routed', incident: null });
    expect(log.arrive({ failure: 0.1, identifiers: 'order 1' }).routing).toBe('suppressed');
    expect(log.arrive({ failure: 0.9, identifiers: 'order 3' }).routing).toBe('suppressed');
  });

  it('says how similar its members are to their mean: 1 is for what an operator put there', () => {
    const { members } = suspected(eleven(0.9)).detector.incidents.get('maybe') ?? {};
    const similarities = [...(members?.values() ?? [])].map(({ similarity }) => similarity);
    expect(similarities).toHaveLength(11);
    for (const similarity of similarities) expect(similarity).toBeLessThan(0.9);
  });

  it('takes in tickets when it is named again, also from another suspicion, which goes if it loses the larger part', () => {
    const log = suspected(eleven(0.9));
    for (let index = 0; index < 3; index += 1) log.arrive({ embedding: embedding(0, 7), requester: 'ann' });
    const other = { kind: 'suspected', incident_id: 'other', similarity: 0.6 } as const;
    log.append({ ...other, ticket_ids: ['T12', 'T13'] });
    const again = { kind: 'suspected', incident_id: 'maybe', similarity: 0.6 } as const;
    const { changes } = log.append({ ...again, ticket_ids: ['T1', 'T12', 'T13', 'T14'] });
    expect(changes).toMatchObject([
      { incident_id: 'other', status: 'gone', left: ['T12', 'T13'] },
      { incident_id: 'maybe', status: 'suspected', has_new_status: false },
    ]);
    expect(log.detector.incidents.get('maybe')).toMatchObject({ requesterCount: 12 });
    expect(log.append({ ...again, ticket_ids: ['T1', 'T12'] })).toEqual({ changes: [], refused: null });
  });

  it('that is gone cannot be confirmed, nor does it come back, for a day', () => {
    const log = suspected(eleven(0.9));
    const ticket_ids = Array.from({ length: 6 }, (_, index) => `T${index + 1}`);
    const opened = log.append({ kind: 'opened_by_hand', incident_id: 'hand', title: 'Mail', ticket_ids });
    expect(opened.changes).toMatchObject([
      { incident_id: 'maybe', status: 'gone', left: ticket_ids },
      { status: 'open' },
    ]);
    expect(log.append({ kind: 'confirmed', incident_id: 'maybe' })).toEqual({ changes: [], refused: 'not_allowed' });
    const late = { kind: 'suspected', incident_id: 'maybe', ticket_ids: ['T10', 'T11'], similarity: 0.6 } as const;
    expect(log.append(late).refused).toBe('not_allowed');
    log.wait(24 * 60 * MINUTE);
    expect(log.append({ kind: 'confirmed', incident_id: 'maybe' }).refused).toBe('unknown');
  });
});
