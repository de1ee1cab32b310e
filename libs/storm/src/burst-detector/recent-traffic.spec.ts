import { quantise } from '../vectors/quantised-vector';
import { RecentTraffic, type RecentTicket, probabilityOfBurst } from './recent-traffic';

const MINUTE = 60_000;
const START = 1_000_000_000;
const vector = quantise([1]);

/** Tickets by the minute in which their entries were written. */
function ticket(minute: number, changes: Partial<RecentTicket> = {}): RecentTicket {
  const atMs = START + minute * MINUTE;
  const place = { ticketId: `T${minute}`, requester: null, receivedMs: atMs, loggedMs: atMs };
  return { ...place, model: 'spec', vector, ...changes };
}
const minutesOf = (tickets: readonly RecentTicket[]): number[] =>
  tickets.map(({ loggedMs }) => Math.round((loggedMs - START) / MINUTE));
const modelOf = ({ model }: RecentTicket): string => model;

/** What is known after one ticket in each of some minutes. */
function after(...minutes: number[]): { readonly traffic: RecentTraffic<RecentTicket>; readonly nowMs: number } {
  const traffic = new RecentTraffic<RecentTicket>();
  const nowMs = START + Math.max(...minutes) * MINUTE;
  for (const minute of minutes) traffic.addTicket(ticket(minute));
  return { traffic, nowMs };
}

describe('the traffic of the last hour', () => {
  it('has the latest tickets by the log’s clock, whenever they were received', () => {
    const { traffic, nowMs } = after(0, 5, 11);
    traffic.addTicket(ticket(12, { receivedMs: START - 600 * MINUTE }));
    expect(minutesOf(traffic.latestWithin(7 * MINUTE, nowMs + MINUTE))).toEqual([5, 11, 12]);
    expect(minutesOf(traffic.latestWithin(2 * MINUTE, nowMs + MINUTE))).toEqual([11, 12]);
  });

  it('has two thousand of the latest at most, and the others still in its sample', () => {
    const { traffic, nowMs } = after(...Array.from({ length: 2_010 }, (_, place) => place / 1_000));
    expect(traffic.latestWithin(5 * MINUTE, nowMs)).toHaveLength(2_000);
    expect(traffic.sequence(ticket(3), nowMs + MINUTE, modelOf)).toHaveLength(2_010);
  });

  it('goes back beyond these, up to one hour, in the order of the log', () => {
    const minutes = Array.from({ length: 100 }, (_, minute) => minute);
    const { traffic, nowMs } = after(...minutes);
    traffic.latestWithin(5 * MINUTE, nowMs);
    const newest = ticket(100);
    traffic.addTicket(newest);
    const sequence = minutesOf(traffic.sequence(newest, nowMs + MINUTE, modelOf));
    expect(sequence).toEqual(minutes.slice(40));
  });

  it('leaves out what cannot be compared with the newest, and the newest itself', () => {
    const { traffic, nowMs } = after(1, 2);
    traffic.addTicket(ticket(3, { model: 'another' }));
    const newest = ticket(4);
    traffic.addTicket(newest);
    expect(minutesOf(traffic.sequence(newest, nowMs + 2 * MINUTE, modelOf))).toEqual([1, 2]);
  });

  it('is low with few tickets in the hour and few others a minute, a burst not counted', () => {
    const { traffic, nowMs } = after(0, 1, 2, 3, 4);
    const sequence = (count: number): RecentTicket[] => Array.from({ length: count }, () => ticket(4));
    expect(traffic.isLowTraffic(sequence(100), 30, nowMs)).toBe(true);
    expect(traffic.isLowTraffic(sequence(101), 30, nowMs)).toBe(false);
    expect(traffic.isLowTraffic(sequence(100), 10, nowMs)).toBe(false);
  });

  it('is low when a burst follows a pause, although others came before the pause', () => {
    const { traffic, nowMs } = after(...Array.from({ length: 50 }, (_, place) => place / 5));
    traffic.latestWithin(5 * MINUTE, nowMs + 30 * MINUTE);
    const burst = Array.from({ length: 11 }, () => ticket(40));
    for (const one of burst) traffic.addTicket(one);
    const [newest = ticket(40)] = burst.slice(-1);
    const later = nowMs + 30 * MINUTE;
    const sequence = traffic.sequence(newest, later, modelOf);
    expect(sequence).toHaveLength(60);
    expect(traffic.isLowTraffic(sequence, 10, later)).toBe(true);
  });

  it('is extrapolated to tickets a month', () => {
    const { traffic, nowMs } = after(0, 1, 2, 3, 4);
    expect(traffic.ticketsPerMonth(nowMs)).toBeCloseTo((5 / 4) * 60 * 24 * 30, 6);
    expect(new RecentTraffic<RecentTicket>().ticketsPerMonth(nowMs)).toBe(0);
  });
});

describe('the probability of a burst', () => {
  const sequence = Array.from({ length: 500 }, (_, place) => place);

  it('is small for similar tickets that come last, and not for those that come all the time', () => {
    expect(probabilityOfBurst(sequence, (place) => place >= 490, 5)).toBeLessThan(1e-15);
    expect(probabilityOfBurst(sequence, (place) => place % 50 === 0, 5)).toBeGreaterThan(0.2);
  });

  it('is 1 if fewer are similar than make a burst', () => {
    expect(probabilityOfBurst(sequence, (place) => place >= 496, 5)).toBe(1);
  });
});
