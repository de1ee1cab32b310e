import { StormDetector } from '@smart-support/storm';
import { shuffled } from '../train/random';
import { type SeenTicket, entryOf } from './seen-ticket';

/** Tickets of a calm window. */
export const CALM_TICKETS = 300;

const WINDOW_MS = 300_000;

/** Tickets of the smallest storm and of the largest. */
const SMALLEST_STORM = 11;
const LARGEST_STORM = 20;

/** Ordinary tickets among which a storm arrives: those of half a minute. */
const AMID = 30;

/** Random tickets in random order. */
export function calmWindow(ordinary: readonly SeenTicket[], random: () => number): SeenTicket[] {
  return shuffled(ordinary, random).slice(0, CALM_TICKETS);
}

/** Whole topics: the most tickets about one matter without an outage. */
export function topicalWindow(ordinary: readonly SeenTicket[], random: () => number): SeenTicket[] {
  const topics = shuffled([...new Set(ordinary.map(({ about }) => about))], random);
  const tickets = topics.flatMap((topic) => ordinary.filter(({ about }) => about === topic));
  return shuffled(tickets.slice(0, CALM_TICKETS), random);
}

/** A window for every outage and every size of a storm: ordinary tickets, and near-copies among the last of them. */
export function stormWindows(
  ordinary: readonly SeenTicket[],
  outages: readonly SeenTicket[],
  random: () => number,
): SeenTicket[][] {
  const windows: SeenTicket[][] = [];
  for (const outage of new Set(outages.map(({ about }) => about))) {
    const variants = outages.filter(({ about }) => about === outage);
    for (let size = SMALLEST_STORM; size <= LARGEST_STORM; size += 1) {
      const storm = shuffled(variants, random).slice(0, size);
      const calm = calmWindow(ordinary, random);
      // Spread over the whole window it would be no burst.
      const before = CALM_TICKETS - AMID;
      windows.push([...calm.slice(0, before), ...shuffled([...calm.slice(before), ...storm], random)]);
    }
  }
  return windows;
}

/** The incidents that the storm detector opens in a window, each as its members. */
export function incidentsOf(
  window: readonly SeenTicket[],
  { threshold, ticketThreshold }: { readonly threshold: number; readonly ticketThreshold: number },
): SeenTicket[][] {
  const detector = new StormDetector({
    windowMs: WINDOW_MS,
    ticketThreshold,
    similarity: threshold,
    baselineSimilarity: threshold,
    quietMs: WINDOW_MS,
    reopenMs: WINDOW_MS,
  });
  window.forEach((ticket, place) => {
    const at_ms = Math.floor((place * WINDOW_MS) / window.length);
    detector.apply(entryOf(ticket, { id: String(place), at_ms, ticket_id: ticket.id }));
  });
  const byId = new Map(window.map((ticket) => [ticket.id, ticket]));
  return [...detector.incidents.values()].map(({ members }) =>
    [...members.keys()].map((id) => byId.get(id) as SeenTicket),
  );
}
