import { quantiseSparse } from '@smart-support/storm';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { randomFrom } from '../train/random';
import {
  BURST_BEGINS_MS,
  BURST_MS,
  DAY_MS,
  MINUTE_MS,
  START_MS,
  calmDays,
  endless,
  fromBurstOn,
  mixed,
  scheduleOfBurst,
  steadyTraffic,
} from './schedule';

const words = quantiseSparse({ indices: new Uint32Array(), values: new Float32Array() });
const tickets = (name: string, count: number): SeenTicket[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `${name}${at}`,
    about: name,
    vectors: { embedding: null, words },
    failure: 0,
    identifiers: '',
    is_machine: false,
  }));

const ordinary = tickets('ordinary', 200);
const burst = tickets('burst', 11);
const TRAFFIC = { perDay: 20, busyTickets: 30 };
const hourOf = (atMs: number) => ((atMs - START_MS) % DAY_MS) / 3_600_000;

describe('the schedule of a burst', () => {
  const schedule = scheduleOfBurst(ordinary, burst, TRAFFIC, randomFrom(1));
  const ofBurst = schedule.filter(({ ticket }) => ticket.about === 'burst');

  it('depends on the seed', () => {
    expect(scheduleOfBurst(ordinary, burst, TRAFFIC, randomFrom(1))).toEqual(schedule);
    expect(scheduleOfBurst(ordinary, burst, TRAFFIC, randomFrom(2))).not.toEqual(schedule);
  });

  it('has every ticket of the burst within one window, in random order between busy traffic', () => {
    expect(new Set(ofBurst.map(({ ticket }) => ticket))).toEqual(new Set(burst));
    const during = schedule.filter(({ atMs }) => atMs >= BURST_BEGINS_MS && atMs < BURST_BEGINS_MS + BURST_MS);
    expect(during.filter(({ ticket }) => ticket.about === 'burst')).toHaveLength(11);
    expect(during.length - 11).toBeGreaterThanOrEqual(30);
    expect(ofBurst.map(({ ticket }) => ticket)).not.toEqual(burst);
    const places = ofBurst.map((one) => during.indexOf(one));
    expect((places.at(-1) ?? 0) - (places[0] ?? 0)).toBeGreaterThan(10);
  });

  it('has a week of ordinary tickets before it, in office hours, none twice, and the rest of a day after it', () => {
    const before = schedule.filter(({ atMs }) => atMs < START_MS + 7 * DAY_MS);
    const days = before.map(({ atMs }) => Math.floor((atMs - START_MS) / DAY_MS));
    expect([0, 1, 2, 3, 4, 5, 6].map((day) => days.filter((one) => one === day).length)).toEqual(Array(7).fill(20));
    expect(schedule.every(({ atMs }) => hourOf(atMs) >= 8 && hourOf(atMs) < 18)).toBe(true);
    expect(new Set(schedule.map(({ ticket }) => ticket)).size).toBe(schedule.length);
    expect(schedule.map(({ atMs }) => atMs)).toEqual(schedule.map(({ atMs }) => atMs).sort((a, b) => a - b));
    expect(schedule.at(-1)?.atMs).toBeGreaterThan(BURST_BEGINS_MS + 2 * 3_600_000);
  });

  it('may have it within a minute of that window', () => {
    const short = scheduleOfBurst(ordinary, burst, { ...TRAFFIC, burstMs: MINUTE_MS }, randomFrom(1));
    const moments = short.filter(({ ticket }) => ticket.about === 'burst').map(({ atMs }) => atMs);
    expect(moments).toHaveLength(11);
    expect(Math.max(...moments) - Math.min(...moments)).toBeLessThan(MINUTE_MS);
    expect(Math.min(...moments)).toBeGreaterThanOrEqual(BURST_BEGINS_MS);
    expect(Math.max(...moments)).toBeLessThan(BURST_BEGINS_MS + BURST_MS);
  });

  it('of a new service begins with the burst', () => {
    const short = fromBurstOn(schedule);
    expect(short.filter(({ ticket }) => ticket.about === 'burst')).toEqual(ofBurst);
    expect(short.every(({ atMs }) => atMs >= BURST_BEGINS_MS)).toBe(true);
  });

  it('requires enough tickets', () => {
    expect(() => scheduleOfBurst(ordinary.slice(0, 189), burst, TRAFFIC, randomFrom(1))).toThrow('190 ordinary');
  });
});

describe('days without a burst', () => {
  const draw = () => {
    const random = randomFrom(1);
    return [...calmDays(endless(ordinary, random), { days: 30, perDay: 100 }, random)];
  };
  const days = draw();

  it('depend on the seed, in the order of time', () => {
    expect(draw()).toEqual(days);
    expect(days.map(({ atMs }) => atMs)).toEqual(days.map(({ atMs }) => atMs).sort((a, b) => a - b));
    expect(days.every(({ atMs }, at) => Math.floor((atMs - START_MS) / DAY_MS) === Math.floor(at / 100))).toBe(true);
  });

  it('have every ticket once before any is repeated', () => {
    for (let round = 0; round < 15; round += 1) {
      const drawn = days.slice(200 * round, 200 * (round + 1));
      expect(new Set(drawn.map(({ ticket }) => ticket)).size).toBe(200);
    }
  });

  it('are busy by day and calm by night', () => {
    const count = (from: number, to: number) =>
      days.filter(({ atMs }) => hourOf(atMs) >= from && hourOf(atMs) < to).length;
    expect(count(9, 11)).toBeGreaterThan(3 * count(0, 5));
  });
});

describe('steady traffic', () => {
  it('arrives at its rate, for its duration', () => {
    const random = randomFrom(1);
    const traffic = [...steadyTraffic(endless(ordinary, random), { perSecond: 2, minutes: 30 }, random)];
    expect(traffic.length).toBeGreaterThan(0.9 * 3_600);
    expect(traffic.length).toBeLessThan(1.1 * 3_600);
    const moments = traffic.map(({ atMs }) => atMs);
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    expect(moments.every((atMs) => atMs >= START_MS && atMs < START_MS + 30 * MINUTE_MS)).toBe(true);
  });

  it('may be of two kinds, each with its share', () => {
    const kinds = mixed(ordinary, burst, 0.4, randomFrom(1));
    const drawn = Array.from({ length: 1_000 }, () => kinds.next().value);
    const share = drawn.filter(({ about }) => about === 'burst').length / 1_000;
    expect(Math.abs(share - 0.4)).toBeLessThan(0.05);
  });

  it('requires tickets', () => {
    expect(() => endless([], randomFrom(1)).next()).toThrow('no tickets');
  });
});
