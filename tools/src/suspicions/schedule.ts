import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { shuffled } from '../train/random';

/** A ticket, and when it arrives. */
export interface ScheduledTicket {
  readonly atMs: number;
  readonly ticket: SeenTicket;
}

const HOUR_MS = 3_600_000;

/** A day, in milliseconds. */
export const DAY_MS = 24 * HOUR_MS;

/** A Monday. */
export const START_MS = Date.UTC(2026, 0, 5);

/** The default window of the rules of storms. */
export const BURST_MS = 300_000;

const OPENING_MS = 8 * HOUR_MS;
const OPEN_MS = 10 * HOUR_MS;

/** Days that a service has watched before its burst: as far back as what is usual is looked up. */
const DAYS_BEFORE = 7;

/** How much arrives on an ordinary day, and how much on top of it in the minutes of a burst. */
export interface Traffic {
  readonly perDay: number;
  readonly busyTickets: number;
}

/** When the burst of {@link scheduleOfBurst} begins: on the day after the watched ones, in the middle of the office hours. */
export const BURST_BEGINS_MS = START_MS + DAYS_BEFORE * DAY_MS + OPENING_MS + OPEN_MS / 2;

/**
 * A week of ordinary tickets, evenly over the office hours, and on the day after it a burst: its tickets come at any moments of five busy minutes,
 * between as many ordinary ones as `busyTickets` says. The day goes on as usual afterwards. No ordinary ticket comes twice.
 */
export function scheduleOfBurst(
  ordinary: readonly SeenTicket[],
  burst: readonly SeenTicket[],
  { perDay, busyTickets }: Traffic,
  random: () => number,
): ScheduledTicket[] {
  const evenly = (DAYS_BEFORE + 1) * perDay;
  const tickets = shuffled(ordinary, random).slice(0, evenly + busyTickets);
  if (tickets.length < evenly + busyTickets) throw new Error(`${evenly + busyTickets} ordinary tickets are needed`);
  const usual = tickets.slice(0, evenly).map((ticket, place) => {
    const day = Math.floor(place / perDay);
    const atMs = Math.floor(START_MS + day * DAY_MS + OPENING_MS + (((place % perDay) + 0.5) * OPEN_MS) / perDay);
    return { atMs, ticket };
  });
  const busy = [...tickets.slice(evenly), ...burst].map((ticket) => {
    return { atMs: BURST_BEGINS_MS + Math.floor(random() * BURST_MS), ticket };
  });
  return [...usual, ...busy].sort(byTime);
}

/** The same for a service that is started as the burst begins. */
export function fromBurstOn(schedule: readonly ScheduledTicket[]): ScheduledTicket[] {
  return schedule.filter(({ atMs }) => atMs >= BURST_BEGINS_MS);
}

/** How much of a day's tickets come in each of its hours, relative to the others: few at night, most before and after lunch. */
const RHYTHM = [1, 1, 1, 1, 1, 1, 2, 4, 8, 12, 12, 10, 8, 10, 12, 11, 9, 6, 4, 3, 3, 2, 2, 1] as const;

/**
 * Days without a burst. Every ticket comes once, in any order, before any comes again; those of a day come at moments that are independent of
 * each other, more of them at hours when more people write.
 */
export function* calmDays(
  ordinary: readonly SeenTicket[],
  { days, perDay }: { readonly days: number; readonly perDay: number },
  random: () => number,
): Generator<ScheduledTicket> {
  let round: SeenTicket[] = [];
  const next = (): SeenTicket => {
    if (round.length === 0) round = shuffled(ordinary, random);
    return round.pop() as SeenTicket;
  };
  for (let day = 0; day < days; day += 1) {
    const today = Array.from({ length: perDay }, () => {
      return { atMs: START_MS + day * DAY_MS + momentOfDay(random), ticket: next() };
    });
    yield* today.sort(byTime);
  }
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

function byTime(a: ScheduledTicket, b: ScheduledTicket): number {
  return a.atMs - b.atMs;
}
