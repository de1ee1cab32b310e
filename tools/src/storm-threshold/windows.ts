import { type ArrivedEntry, StormDetector } from '@smart-support/storm';
import { shuffled } from '../train/random';
import type { SeenTicket } from './seen-ticket';

/** Tickets of a calm window. */
export const CALM_TICKETS = 300;

const WINDOW_MS = 300_000;

/** So many variants of one outage make the smallest storm and the largest. */
const SMALLEST_STORM = 11;
const LARGEST_STORM = 20;

/** Any tickets, in any order. */
export function calmWindow(ordinary: readonly SeenTicket[], random: () => number): SeenTicket[] {
  return shuffled(ordinary, random).slice(0, CALM_TICKETS);
}

/** Whole topics: the most that people write about the same matter without anything being out of order. */
export function topicalWindow(ordinary: readonly SeenTicket[], random: () => number): SeenTicket[] {
  const topics = shuffled([...new Set(ordinary.map(({ about }) => about))], random);
  const tickets = topics.flatMap((topic) => ordinary.filter(({ about }) => about === topic));
  return shuffled(tickets.slice(0, CALM_TICKETS), random);
}

/** A window for every outage and every size of a storm: ordinary tickets, and the variants anywhere between them. */
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
      windows.push(shuffled([...calmWindow(ordinary, random), ...storm], random));
    }
  }
  return windows;
}

/** The incidents that the storm detector makes of a window, each as its members. */
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
  });
  window.forEach((ticket, place) => detector.apply(entryOf(ticket, place, window.length)));
  const byId = new Map(window.map((ticket) => [ticket.id, ticket]));
  return [...detector.incidents.values()].map(({ members }) =>
    [...members.keys()].map((id) => byId.get(id) as SeenTicket),
  );
}

function entryOf({ id, likeness }: SeenTicket, place: number, tickets: number): ArrivedEntry {
  const at_ms = Math.floor((place * WINDOW_MS) / tickets);
  const { embedding, words } = likeness;
  return {
    kind: 'arrived',
    id: String(place),
    at_ms,
    ticket_id: id,
    received_ms: at_ms,
    requester: null,
    embedding: embedding && { model: embedding.model, numbers: embedding.vector.numbers },
    words,
    grave: null,
    failure: 1,
    identifiers: '',
  };
}
