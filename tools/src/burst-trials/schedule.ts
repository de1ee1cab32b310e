import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { shuffled } from '../train/random';

/** A ticket and the moment of its arrival. */
export interface ScheduledTicket<Ticket = SeenTicket> {
  readonly atMs: number;
  readonly ticket: Ticket;
}

/** A minute, in milliseconds. */
export const MINUTE_MS = 60_000;

const HOUR_MS = 60 * MINUTE_MS;

/** A day, in milliseconds. */
export const DAY_MS = 24 * HOUR_MS;

/** A Monday. */
export const START_MS = Date.UTC(2026, 0, 5);

/** The default window of the storm rules. */
export const BURST_MS = 300_000;

const OPENING_MS = 8 * HOUR_MS;
const OPEN_MS = 10 * HOUR_MS;

/** Days that a service has run before its burst: the span of the reference sample. */
const DAYS_BEFORE = 7;

/** Ordinary tickets of a day, and those beside a burst. */
export interface Traffic {
  readonly perDay: number;
  readonly busyTickets: number;
  /** Duration of the burst itself, at most {@link BURST_MS}, which is the default. */
  readonly burstMs?: number;
}

/** Beginning of the burst of {@link scheduleOfBurst}: on the day after the first week, in the middle of the office hours. */
export const BURST_BEGINS_MS = START_MS + DAYS_BEFORE * DAY_MS + OPENING_MS + OPEN_MS / 2;

/**
 * A week of ordinary tickets, evenly over the office hours, and on the day after it a burst in five busy minutes: its tickets arrive at random moments of these, or of a
 * shorter span within them, between `busyTickets` ordinary ones. That day has the ordinary tickets of any other. No ordinary ticket arrives twice.
 */
export function scheduleOfBurst(
  ordinary: readonly SeenTicket[],
  burst: readonly SeenTicket[],
  { perDay, busyTickets, burstMs = BURST_MS }: Traffic,
  random: () => number,
): ScheduledTicket[] {
  const evenly = (DAYS_BEFORE + 1) * perDay;
  const tickets = shuffled(ordinary, random).slice(0, evenly + busyTickets);
  if (tickets.length < evenly + busyTickets) throw new Error(`${evenly + busyTickets} ordinary tickets are needed`);
  const regular = tickets.slice(0, evenly).map((ticket, place) => {
    const day = Math.floor(place / perDay);
    const atMs = Math.floor(START_MS + day * DAY_MS + OPENING_MS + (((place % perDay) + 0.5) * OPEN_MS) / perDay);
    return { atMs, ticket };
  });
  const busy = withinSpan(tickets.slice(evenly), BURST_BEGINS_MS, BURST_MS, random);
  const begin = BURST_BEGINS_MS + Math.floor(random() * (BURST_MS - burstMs));
  return [...regular, ...busy, ...withinSpan(burst, begin, burstMs, random)].sort(byTime);
}

/** The same for a service that is started as the burst begins. */
export function fromBurstOn(schedule: readonly ScheduledTicket[]): ScheduledTicket[] {
  return schedule.filter(({ atMs }) => atMs >= BURST_BEGINS_MS);
}

/** Relative frequency of tickets by hour of the day: few at night, most before and after lunch. */
const RHYTHM = [1, 1, 1, 1, 1, 1, 2, 4, 8, 12, 12, 10, 8, 10, 12, 11, 9, 6, 4, 3, 3, 2, 2, 1] as const;

/**
 * Days without a burst. The moments of a day's tickets are independent of each other, and follow its rhythm.
 * @param tickets - infinite
 */
export function* calmDays(
  tickets: Iterator<SeenTicket, never>,
  { days, perDay }: { readonly days: number; readonly perDay: number },
  random: () => number,
): Generator<ScheduledTicket> {
  for (let day = 0; day < days; day += 1) {
    const today = Array.from({ length: perDay }, () => {
      return { atMs: START_MS + day * DAY_MS + momentOfDay(random), ticket: tickets.next().value };
    });
    yield* today.sort(byTime);
  }
}

/** An infinite sequence of tickets: every one once, in random order, before any is repeated. */
export function* endless<Ticket>(tickets: readonly Ticket[], random: () => number): Generator<Ticket, never> {
  if (tickets.length === 0) throw new Error('There are no tickets');
  for (;;) yield* shuffled(tickets, random);
}

/** Two kinds of tickets mixed at random, each as in {@link endless}. @param share - share of the second kind, in [0, 1] */
export function* mixed(
  first: readonly SeenTicket[],
  second: readonly SeenTicket[],
  share: number,
  random: () => number,
): Generator<SeenTicket, never> {
  const [ofFirst, ofSecond] = [endless(first, random), endless(second, random)];
  for (;;) yield (random() < share ? ofSecond : ofFirst).next().value;
}

/**
 * Some minutes of traffic at a rate, the moments independent of each other.
 * @param tickets - infinite
 */
export function* steadyTraffic<Ticket>(
  tickets: Iterator<Ticket, never>,
  { perSecond, minutes }: { readonly perSecond: number; readonly minutes: number },
  random: () => number,
): Generator<ScheduledTicket<Ticket>> {
  const endMs = START_MS + minutes * MINUTE_MS;
  let atMs = START_MS;
  for (;;) {
    // Intervals of a Poisson process.
    atMs -= (Math.log(1 - random()) * 1_000) / perSecond;
    if (atMs >= endMs) return;
    yield { atMs: Math.floor(atMs), ticket: tickets.next().value };
  }
}

/** Tickets at random moments of a span, in the order of time. */
export function withinSpan<Ticket>(
  tickets: readonly Ticket[],
  fromMs: number,
  spanMs: number,
  random: () => number,
): ScheduledTicket<Ticket>[] {
  return tickets.map((ticket) => ({ atMs: fromMs + Math.floor(random() * spanMs), ticket })).sort(byTime);
}

function momentOfDay(random: () => number): number {
  let left = random() * RHYTHM.reduce((sum, weight) => sum + weight, 0);
  let hour = 0;
  for (const weight of RHYTHM) {
    if (left < weight) return Math.floor((hour + left / weight) * HOUR_MS);
    left -= weight;
    hour += 1;
  }
  return DAY_MS - 1;
}

/** The order of time. */
export function byTime(a: ScheduledTicket<unknown>, b: ScheduledTicket<unknown>): number {
  return a.atMs - b.atMs;
}
