import { quantise, quantiseSparse } from '@smart-support/storm';
import { type TicketVectors } from '@smart-support/storm/tuning';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { randomFrom } from '../train/random';
import { type BurstTrial, tally, tryBurst } from './burst-trial';
import { countFalseAlarms } from './false-alarms';
import { DAY_MS, START_MS, calmDays, endless, scheduleOfBurst } from './schedule';
import { type Moment, type SimulatedIncident, SimulatedService } from './simulated-service';

const LENGTH = 48;
const NO_WORDS = quantiseSparse({ indices: new Uint32Array(), values: new Float32Array() });

const random = randomFrom(3);
const anything = (): number[] => Array.from({ length: LENGTH }, () => random() - 0.5);
const seen = (id: string, about: string, vector: readonly number[], failure = 0): SeenTicket => {
  const vectors: TicketVectors = { embedding: { model: 'spec', vector: quantise(vector) }, words: NO_WORDS };
  return { id, about, vectors, failure, identifiers: '' };
};
/** In all directions. */
const ordinary = Array.from({ length: 1_000 }, (_, at) => seen(`o${at}`, `topic ${at % 50}`, anything()));
/** Around a common direction, at cosines of about 0.7 to each other. */
const trouble = anything();
const burst = Array.from({ length: 11 }, (_, at) =>
  seen(
    `b${at}`,
    'burst',
    anything().map((value, index) => 0.65 * value + (trouble[index] ?? 0)),
  ),
);
const reference = { model: 'spec', vectors: ordinary.flatMap(({ vectors }) => vectors.embedding?.vector ?? []) };

const moment = (atMs: number, arrived: number): Moment => ({ atMs, arrived });

describe('a burst in a service', () => {
  const traffic = { perDay: 100, busyTickets: 20 };

  it('of requests is suspected, with its own tickets only', () => {
    const schedule = scheduleOfBurst(ordinary, burst, traffic, randomFrom(1));
    const trial = tryBurst(burst, schedule, new SimulatedService(reference));
    expect(trial).toMatchObject({ members: 11, strangers: 0, otherSuspected: 0, openedAfter: null, otherIncidents: 0 });
    expect(trial.suspectedAfter).toBeGreaterThanOrEqual(6);
    expect(trial.suspectedAfter).toBeLessThan(11);
    expect(tryBurst(burst, schedule, new SimulatedService(reference))).toEqual(trial);
  });

  it('of failure reports opens by itself, at the eleventh report', () => {
    const reports = burst.map((ticket) => ({ ...ticket, failure: 0.9 }));
    const schedule = scheduleOfBurst(ordinary, reports, traffic, randomFrom(1));
    const trial = tryBurst(reports, schedule, new SimulatedService(reference));
    expect(trial).toMatchObject({ openedAfter: 11, members: 11, strangers: 0, otherIncidents: 0 });
    expect(trial.suspectedAfter).toBeLessThan(11);
  });

  it('of copies opens as a storm, and later copies are suppressed', () => {
    const copies = Array.from({ length: 15 }, (_, at) => seen(`c${at}`, 'burst', trouble));
    const schedule = scheduleOfBurst(ordinary, copies, traffic, randomFrom(1));
    const service = new SimulatedService(reference);
    expect(tryBurst(copies, schedule, service)).toMatchObject({ openedAfter: 11, members: 15, otherIncidents: 0 });
    expect(service.suppressed).toBe(5);
  });

  it('is found by incidents with most founders from it only', () => {
    const [one, two, three] = ordinary as [SeenTicket, SeenTicket, SeenTicket];
    const incident = (arrived: number, founders: SeenTicket[], members: SeenTicket[]): SimulatedIncident => {
      return { suspected: moment(0, arrived), opened: null, founders, members: new Set(members) };
    };
    const tickets = [one, burst[0] as SeenTicket, two, burst[1] as SeenTicket, burst[2] as SeenTicket];
    const schedule = tickets.map((ticket, atMs) => ({ atMs, ticket }));
    const service = { receiveTicket: () => undefined };
    const other = incident(2, [one, two, burst[0] as SeenTicket], [one, two, three]);
    const half = { ...incident(3, [one, burst[0] as SeenTicket], [one]), opened: moment(0, 4) };
    const about = { ...incident(4, burst.slice(0, 2), [...burst.slice(0, 3), one]), opened: moment(0, 5) };
    expect(tryBurst(burst, schedule, { ...service, incidents: [other, half, about] })).toEqual({
      suspectedAfter: 2,
      openedAfter: 3,
      members: 3,
      strangers: 1,
      otherSuspected: 2,
      otherIncidents: 1,
    });
    expect(tryBurst(burst, schedule, { ...service, incidents: [other] })).toMatchObject({
      suspectedAfter: null,
      openedAfter: null,
      members: 0,
      strangers: 0,
    });
  });
});

describe('a tally of trials', () => {
  const trial = (suspectedAfter: number | null, members: number, openedAfter: number | null = null): BurstTrial => {
    return { suspectedAfter, openedAfter, members, strangers: 1, otherSuspected: 2, otherIncidents: 3 };
  };

  it('have medians and the mean of the found ones, and sums of all', () => {
    expect(tally([trial(9, 10, 11), trial(null, 0), trial(6, 11, 8), trial(7, 9), trial(10, 10)])).toEqual({
      bursts: 5,
      suspected: 4,
      suspectedAfter: 8,
      opened: 2,
      openedAfter: 9.5,
      members: 10,
      strangers: 5,
      otherSuspected: 10,
      otherIncidents: 15,
    });
    expect(tally([trial(9, 1), trial(6, 1), trial(7, 1)]).suspectedAfter).toBe(7);
    expect(tally([trial(null, 0)])).toMatchObject({
      suspected: 0,
      suspectedAfter: NaN,
      openedAfter: NaN,
      members: NaN,
    });
  });
});

describe('days without a burst', () => {
  it('have no suspected incident where tickets point in all directions', () => {
    const random = randomFrom(1);
    const schedule = calmDays(endless(ordinary, random), { days: 3, perDay: 400 }, random);
    const found = countFalseAlarms(schedule, new SimulatedService(reference));
    expect(found).toMatchObject({ tickets: 1_200, suspected: 0, opened: 0, withSeed: 0, topics: [] });
  });

  it('count suspected incidents of the time of the seed reference, and the topics of all', () => {
    const minute = 60_000;
    const schedule = Array.from({ length: 600 }, (_, at) => {
      return { atMs: START_MS + at * minute, ticket: ordinary[at] as SeenTicket };
    });
    const raised = (atMs: number, founders: SeenTicket[]): SimulatedIncident => {
      return { suspected: moment(atMs, 0), opened: null, founders, members: new Set() };
    };
    // The 500th ticket is an hour old then.
    const enoughMs = START_MS + 499 * minute + 60 * minute;
    const about = ['a', 'b', 'b'].map((topic, at) => seen(String(at), topic, anything()));
    const opened = { ...raised(START_MS + DAY_MS, []), opened: moment(START_MS + DAY_MS, 0) };
    const stormAtOnce = { ...opened, suspected: null };
    const incidents = [raised(enoughMs - 1, about), raised(enoughMs, []), opened, stormAtOnce];
    const found = countFalseAlarms(schedule, { receiveTicket: () => undefined, incidents, suppressed: 9 });
    expect(found).toMatchObject({ suspected: 3, opened: 2, suppressed: 9, withSeed: 1, withOthers: 595 });
    expect(found.topics[0]).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
  });
});
