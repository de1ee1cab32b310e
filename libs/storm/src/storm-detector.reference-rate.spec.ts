import type { StormVerdict } from '@smart-support/contracts';
import { encodeDense } from './log/encode-vectors';
import { StormLog, type Ticket, embedding, words } from './spec-support/storm-log';
import type { StormSnapshot } from './snapshot/storm-snapshot';
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
function appendReference(log: StormLog, share: number): void {
  const numbers = encodeDense(quantisedVector(embedding(0, 0).numbers));
  const matters = [{ numbers, tickets: 1_000 * share }];
  log.append({ kind: 'reference', reference: { model: 'spec', tickets: 1_000, matters } });
}

describe('a common matter', () => {
  it.each([1, 12, 50])('at a steady rate among %i tickets a second opens nothing', (perSecond) => {
    const log = new StormLog();
    const verdicts = everyday(log, 3_000, perSecond);
    expect(log.detector.incidents.size).toBe(0);
    expect(new Set(verdicts.map(({ routing }) => routing))).toEqual(new Set(['routed']));
    expect(verdicts.at(-1)?.kept_out).toBe('reference_rate');
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

  it('at a few tickets a minute opens an incident by count alone: with the eleventh', () => {
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

describe('a reference entry', () => {
  const halfOfAll = (log: StormLog, count: number): StormVerdict[] =>
    Array.from({ length: count }, (_, index) => {
      log.wait(5_000);
      log.arrive(matter(1 + (index % 15)));
      return log.arrive(matter(0));
    });

  it('keeps a common matter at its share from opening an incident, although hardly any tickets are known yet', () => {
    const log = new StormLog();
    appendReference(log, 0.4);
    const verdicts = halfOfAll(log, 30);
    expect(log.detector.incidents.size).toBe(0);
    expect(verdicts[10]?.kept_out).toBe('reference_rate');
  });

  it('lets it open one at a much higher rate', () => {
    const log = new StormLog();
    appendReference(log, 0.1);
    expect(halfOfAll(log, 30).at(-1)?.routing).toBe('suppressed');
  });

  it('does not hide an outage in the alarms of a monitor, which it does not cover', () => {
    const log = new StormLog();
    appendReference(log, 0.05);
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

  it('does not affect other matters', () => {
    const log = new StormLog();
    appendReference(log, 0.4);
    expect(log.arriveTimes(11, matter(5)).at(-1)?.routing).toBe('suppressed');
  });

  it('is replaced by a later one', () => {
    const log = new StormLog();
    appendReference(log, 0.4);
    appendReference(log, 0);
    expect(halfOfAll(log, 11).at(-1)?.routing).toBe('suppressed');
    expect(log.detector.commonMatters?.matters).toMatchObject([{ tickets: 0 }]);
  });

  it('is part of a snapshot, as is why a ticket was kept out', () => {
    const log = new StormLog();
    appendReference(log, 0.4);
    halfOfAll(log, 12);
    const snapshot = JSON.parse(JSON.stringify(log.detector.snapshot())) as StormSnapshot;
    const left = log.entries.filter(({ kind }) => kind === 'arrived');
    const reference = log.detector.commonMatters;
    log.detector = StormDetector.restore(snapshot, left);
    expect(log.detector.commonMatters).toEqual(reference);
    expect(log.detector.verdictOf('T24')).toMatchObject({ kept_out: 'reference_rate', incident: null });
    expect(halfOfAll(log, 12).at(-1)?.kept_out).toBe('reference_rate');
  });
});

describe('requests of one person each', () => {
  const request = (number: number): Ticket => ({ failure: 0.1, identifiers: `order ${number}` });

  it('about different orders open nothing, and the verdict says why', () => {
    const log = new StormLog();
    const verdicts = Array.from({ length: 30 }, (_, number) => log.arrive(request(number)));
    expect(log.detector.incidents.size).toBe(0);
    expect(verdicts[9]?.kept_out).toBeNull();
    expect(verdicts[10]?.kept_out).toBe('own_request');
  });

  it('about one order open an incident, which only tickets about that order and reports of a failure join', () => {
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

  it('are distinguished from tickets of people without an embedding', () => {
    const log = new StormLog();
    log.arriveTimes(12, { ...alarm, is_machine: false });
    expect([...log.detector.incidents.values()]).toMatchObject([{ status: 'open', isDegraded: true }]);
  });
});

describe('a suspected incident', () => {
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
    expect(suspected(eleven(0.9)).detector.largeSuspectedIncidents('failures')).toEqual(['maybe']);
    expect(suspected(eleven(0.1)).detector.largeSuspectedIncidents('failures')).toEqual([]);
    expect(suspected(eleven(0.1)).detector.largeSuspectedIncidents('all')).toEqual(['maybe']);
    expect(suspected([...eleven(0.9).slice(1), 0.1]).detector.largeSuspectedIncidents('failures')).toEqual(['maybe']);
    expect(suspected(eleven(0.9).slice(1)).detector.largeSuspectedIncidents('failures')).toEqual([]);
  });

  it('of requests about one order has no other members once it is confirmed, except reports of a failure', () => {
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

  it('has the similarity of its members to their mean: 1 is for tickets that an operator named', () => {
    const { members } = suspected(eleven(0.9)).detector.incidents.get('maybe') ?? {};
    const similarities = [...(members?.values() ?? [])].map(({ similarity }) => similarity);
    expect(similarities).toHaveLength(11);
    for (const similarity of similarities) expect(similarity).toBeLessThan(0.9);
  });

  it('takes further tickets when it is named again, also from another one, which is dropped if it loses the larger part', () => {
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

  it('that was dropped cannot be confirmed, and does not come back for a day', () => {
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
