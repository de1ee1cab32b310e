import { encodeDense } from '../log/encode-vectors';
import type { UsualMatters } from '../log/storm-entry';
import { DenseIndex } from '../neighbours/dense-index';
import type { ReferenceTicket } from './reference-sample';

/** A matter is worth telling from this share of the tickets on: a rarer one cannot open an incident by being as frequent as usual. */
const LEAST_SHARE = 0.01;

/**
 * What many tickets are about: again and again the ticket with the most similar ones stands for all of these.
 * @param sample - tickets of which those of the most frequent model are looked at
 * @param similarity - a cosine strictly above which two tickets are about one matter
 */
export function usualMatters(sample: readonly ReferenceTicket[], similarity: number): UsualMatters {
  const { model, tickets } = ofMostFrequentModel(sample);
  const [first] = tickets;
  const matters: { readonly numbers: string; readonly tickets: number }[] = [];
  if (!first) return { model, tickets: 0, matters };
  const index = new DenseIndex<ReferenceTicket>(first.vector.numbers.length, similarity);
  for (const ticket of tickets) index.add(ticket, ticket.vector);
  const similar = new Map(tickets.map((ticket) => [ticket, index.near(ticket.vector).map(({ key }) => key)]));
  const left = new Set(tickets);
  const remaining = (ticket: ReferenceTicket): number =>
    (similar.get(ticket) ?? []).reduce((count, other) => count + (left.has(other) ? 1 : 0), 0);
  const order = [...tickets].sort((a, b) => (similar.get(b)?.length ?? 0) - (similar.get(a)?.length ?? 0));
  for (const ticket of order) {
    const ofMatter = similar.get(ticket)?.length ?? 0;
    if (ofMatter < LEAST_SHARE * tickets.length) break;
    // Most of them are spoken for by a matter that was named before.
    if (2 * remaining(ticket) < ofMatter) continue;
    matters.push({ numbers: encodeDense(ticket.vector), tickets: ofMatter });
    for (const other of similar.get(ticket) ?? []) left.delete(other);
  }
  return { model, tickets: tickets.length, matters };
}

/** Only vectors of one model can be compared. */
function ofMostFrequentModel(sample: readonly ReferenceTicket[]): { model: string; tickets: ReferenceTicket[] } {
  const groups = new Map<string, ReferenceTicket[]>();
  for (const ticket of sample) {
    const name = `${ticket.vector.numbers.length} ${ticket.model}`;
    const group = groups.get(name);
    if (group) group.push(ticket);
    else groups.set(name, [ticket]);
  }
  const [tickets = []] = [...groups.values()].sort((a, b) => b.length - a.length);
  return { model: tickets[0]?.model ?? '', tickets };
}
