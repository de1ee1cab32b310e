import { type Likeness, quantise, quantiseSparse } from '@smart-support/storm';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { randomFrom } from '../train/random';
import { type BurstTrial, tally, tryBurst } from './burst-trial';
import { countFalseAlarms } from './false-alarms';
import { DAY_MS, START_MS, calmDays, scheduleOfBurst } from './schedule';
import { WatchedService } from './watched-service';

const LENGTH = 48;
const NO_WORDS = quantiseSparse({ indices: new Uint32Array(), values: new Float32Array() });

const random = randomFrom(3);
const anything = (): number[] => Array.from({ length: LENGTH }, () => random() - 0.5);
const seen = (id: string, about: string, vector: readonly number[]): SeenTicket => {
  const likeness: Likeness = { embedding: { model: 'spec', vector: quantise(vector) }, words: NO_WORDS };
  return { id, about, likeness };
};
/** In all directions. */
const ordinary = Array.from({ length: 1_000 }, (_, at) => seen(`o${at}`, `topic ${at % 50}`, anything()));
/** Around a common direction, at cosines of some 0.7 to each other. */
const trouble = anything();
const burst = Array.from({ length: 11 }, (_, at) =>
  seen(
    `b${at}`,
    'burst',
    anything().map((value, index) => 0.65 * value + (trouble[index] ?? 0)),
  ),
);
const usual = { model: 'spec', vectors: ordinary.flatMap(({ likeness }) => likeness.embedding?.vector ?? []) };

describe('a burst in a service', () => {
  it('is suspected, and its tickets and strangers are told apart', () => {
    const schedule = scheduleOfBurst(ordinary, burst, { perDay: 100, busyTickets: 20 }, randomFrom(1));
    const trial = tryBurst(burst, schedule, new WatchedService(usual));
    expect(trial).toMatchObject({ held: 11, strangers: 0, otherSuspicions: 0, isOpened: false });
    expect(trial.suspectedAfter).toBeGreaterThanOrEqual(6);
    expect(trial.suspectedAfter).toBeLessThan(11);
    expect(tryBurst(burst, schedule, new WatchedService(usual))).toEqual(trial);
  });

  it('may be one for the rule of storms', () => {
    const copies = burst.map(({ id }) => seen(id, 'burst', trouble));
    const schedule = scheduleOfBurst(ordinary, copies, { perDay: 100, busyTickets: 20 }, randomFrom(1));
    const trial = tryBurst(copies, schedule, new WatchedService(usual));
    // Suspected first, by the statistical rule.
    expect(trial).toMatchObject({ isOpened: true, held: 0 });
    expect(trial.suspectedAfter).not.toBeNull();
  });

  it('counts as suspected only by a suspicion most of whose founders are its tickets', () => {
    const [one, two, three] = ordinary as [SeenTicket, SeenTicket, SeenTicket];
    const raised = (arrived: number, founders: SeenTicket[], members: SeenTicket[]) => {
      return { atMs: 0, arrived, founders, members: new Set(members) };
    };
    const tickets = [one, burst[0] as SeenTicket, two, burst[1] as SeenTicket, burst[2] as SeenTicket];
    const schedule = tickets.map((ticket, atMs) => ({ atMs, ticket }));
    const service = { arrive: () => undefined, stormTickets: new Set<SeenTicket>() };
    const other = raised(2, [one, two, burst[0] as SeenTicket], [one, two, three]);
    const half = raised(3, [one, burst[0] as SeenTicket], [one]);
    const about = raised(4, burst.slice(0, 2), [...burst.slice(0, 3), one]);
    expect(tryBurst(burst, schedule, { ...service, suspicions: [other, half, about] })).toEqual({
      suspectedAfter: 2,
      held: 3,
      strangers: 1,
      otherSuspicions: 2,
      isOpened: false,
    });
    expect(tryBurst(burst, schedule, { ...service, suspicions: [other] })).toMatchObject({
      suspectedAfter: null,
      held: 0,
      strangers: 0,
    });
  });
});

describe('trials together', () => {
  const trial = (suspectedAfter: number | null, held: number): BurstTrial => {
    return { suspectedAfter, held, strangers: 1, otherSuspicions: 2, isOpened: suspectedAfter === null };
  };

  it('have the median and the mean of those that were suspected, and the sums of all', () => {
    expect(tally([trial(9, 10), trial(null, 0), trial(6, 11), trial(7, 9), trial(10, 10)])).toEqual({
      bursts: 5,
      suspected: 4,
      suspectedAfter: 8,
      held: 10,
      strangers: 5,
      otherSuspicions: 10,
      opened: 1,
    });
    expect(tally([trial(9, 1), trial(6, 1), trial(7, 1)]).suspectedAfter).toBe(7);
    expect(tally([trial(null, 0)])).toMatchObject({ suspected: 0, suspectedAfter: NaN, held: NaN });
  });
});

describe('days without a burst', () => {
  it('raise no suspicion where tickets point in all directions', () => {
    const schedule = calmDays(ordinary, { days: 3, perDay: 400 }, randomFrom(1));
    const found = countFalseAlarms(schedule, new WatchedService(usual));
    expect(found).toMatchObject({ tickets: 1_200, alarms: 0, withStandIns: 0, topics: [] });
  });

  it('tell alarms while stand-ins served from later ones, and what they were about', () => {
    const minute = 60_000;
    const schedule = Array.from({ length: 600 }, (_, at) => {
      return { atMs: START_MS + at * minute, ticket: ordinary[at] as SeenTicket };
    });
    const raised = (atMs: number, founders: SeenTicket[]) => {
      return { atMs, arrived: 0, founders, members: new Set<SeenTicket>() };
    };
    // The 500th ticket is an hour old then.
    const enoughMs = START_MS + 499 * minute + 60 * minute;
    const about = ['a', 'b', 'b'].map((topic, at) => seen(String(at), topic, anything()));
    const suspicions = [raised(enoughMs - 1, about), raised(enoughMs, []), raised(START_MS + DAY_MS, [])];
    const found = countFalseAlarms(schedule, { arrive: () => undefined, suspicions });
    expect(found).toMatchObject({ alarms: 3, withStandIns: 1, inCompany: 595 });
    expect(found.topics[0]).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
  });
});
