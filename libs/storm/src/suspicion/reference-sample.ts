import type { QuantisedVector } from '../vectors/quantised-vector';

/** A ticket that may tell what is usual. */
export interface ReferenceTicket {
  readonly ticketId: string;
  /** `null` counts as somebody of its own. */
  readonly requester: string | null;
  /** In milliseconds since 1970. */
  readonly receivedMs: number;
  /** The model that made the vector. */
  readonly model: string;
  readonly vector: QuantisedVector;
}

/** Which tickets are looked at, by age. */
export interface ReferenceSpan {
  /** Younger ones may belong to the very burst that is asked about; in milliseconds. */
  readonly youngestMs: number;
  /** Older ones tell of other times; in milliseconds. */
  readonly oldestMs: number;
}

/** Tickets of the last seven days that are older than one hour. */
export const REFERENCE_SPAN: ReferenceSpan = { youngestMs: 3_600_000, oldestMs: 604_800_000 };

/** A sample has up to so many tickets: a share of one in a thousand can be seen among them. */
const REFERENCE_SIZE = 2_000;

interface Kept<Ticket> {
  readonly ticket: Ticket;
  readonly hash: number;
}

/**
 * A sample of the tickets of a sliding span of time: always those with the smallest hashes of their ids, so that processes that were given the same
 * tickets choose the same ones. A ticket is kept as long as it can still become one of them: until so many younger ones have smaller hashes. Of `n` tickets that are
 * `size * (1 + ln(n / size))` on average.
 */
export class ReferenceSample<Ticket extends ReferenceTicket = ReferenceTicket> {
  /** The smallest hashes first. */
  private kept: Kept<Ticket>[] = [];
  private added = 0;

  constructor(
    private readonly size = REFERENCE_SIZE,
    private readonly span: ReferenceSpan = REFERENCE_SPAN,
  ) {}

  /** Tickets that are kept because they are in the sample or may come into it: a sample that is given these goes on as this one. */
  get tickets(): readonly Ticket[] {
    return this.kept.map(({ ticket }) => ticket);
  }

  /** Takes note of a ticket, in the order of arrival as far as that is known. */
  add(ticket: Ticket): void {
    const one = { ticket, hash: hashOf(ticket.ticketId) };
    this.kept.splice(this.placeFor(one), 0, one);
    this.added += 1;
    if (this.added % this.size === 0) this.prune(ticket.receivedMs);
  }

  /** Leaves tickets out for good, for they became members of an incident. */
  leaveOut(ticketIds: ReadonlySet<string>): void {
    this.kept = this.kept.filter(({ ticket }) => !ticketIds.has(ticket.ticketId));
  }

  /** The sample as it is at a moment: of each requester one, of all the smallest hashes. */
  at(nowMs: number): Ticket[] {
    const requesters = new Set<string>();
    const sample: Ticket[] = [];
    for (const { ticket } of this.kept) {
      if (sample.length === this.size) break;
      const age = nowMs - ticket.receivedMs;
      if (age < this.span.youngestMs || age > this.span.oldestMs) continue;
      if (ticket.requester !== null) {
        if (requesters.has(ticket.requester)) continue;
        requesters.add(ticket.requester);
      }
      sample.push(ticket);
    }
    return sample;
  }

  private placeFor(one: Kept<Ticket>): number {
    let [low, high] = [0, this.kept.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (byHash(this.kept[middle] as Kept<Ticket>, one) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Drops what is too old, and what so many younger ones keep out for as long as they are there. */
  private prune(nowMs: number): void {
    this.kept = this.kept.filter(({ ticket }) => nowMs - ticket.receivedMs <= this.span.oldestMs);
    const youngestFirst = [...this.kept].sort((a, b) => b.ticket.receivedMs - a.ticket.receivedMs);
    const smaller: number[] = [];
    const requesters = new Map<string, number>();
    const staying = new Set<Kept<Ticket>>();
    for (const one of youngestFirst) {
      const { requester, receivedMs } = one.ticket;
      if (nowMs - receivedMs < this.span.youngestMs) {
        // Does not keep anybody out yet.
        staying.add(one);
        continue;
      }
      const before = requester === null ? undefined : requesters.get(requester);
      // A younger one of the same requester with a smaller hash stands for both.
      if (before !== undefined && before <= one.hash) continue;
      const place = placeOf(smaller, one.hash);
      if (place >= this.size) continue;
      staying.add(one);
      if (requester !== null) requesters.set(requester, one.hash);
      if (before === undefined) smaller.splice(place, 0, one.hash);
      if (smaller.length > this.size) smaller.pop();
    }
    this.kept = this.kept.filter((one) => staying.has(one));
  }
}

function byHash(a: Kept<ReferenceTicket>, b: Kept<ReferenceTicket>): number {
  return a.hash - b.hash || (a.ticket.ticketId < b.ticket.ticketId ? -1 : 1);
}

/** How many of some ascending numbers are smaller. */
function placeOf(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** FNV-1a with 32 bits and the finish of MurmurHash3, which spreads ids that differ in their last characters only. */
export function hashOf(ticketId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < ticketId.length; index += 1) {
    hash = Math.imul(hash ^ ticketId.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
