import type { QuantisedVector } from '../vectors/quantised-vector';

/** A ticket that may be part of a reference. */
export interface ReferenceTicket {
  readonly ticketId: string;
  /** `null` counts as a requester of its own. */
  readonly requester: string | null;
  /** In milliseconds since 1970. */
  readonly receivedMs: number;
  /** The model that made the vector. */
  readonly model: string;
  readonly vector: QuantisedVector;
}

/** Ages of the tickets in a sample. */
export interface ReferenceSpan {
  /** In milliseconds. Younger tickets may belong to the burst that is compared with the sample. */
  readonly youngestMs: number;
  /** In milliseconds. */
  readonly oldestMs: number;
}

/** Tickets of the last seven days that are older than one hour. */
export const REFERENCE_SPAN: ReferenceSpan = { youngestMs: 3_600_000, oldestMs: 604_800_000 };

/** Tickets of a sample: enough to see a share of one in a thousand. */
const REFERENCE_SIZE = 2_000;

interface Kept<Ticket> {
  readonly ticket: Ticket;
  readonly hash: number;
}

/**
 * A sample of the tickets of a sliding span of time: those with the smallest hashes of their ids, so that processes with the same tickets have the same sample.
 * A ticket is kept as long as it can still enter the sample: until `size` younger ones have smaller hashes. Of `n` tickets, that are
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

  /** Tickets that are in the sample or may still enter it: another sample with these continues as this one. */
  get tickets(): readonly Ticket[] {
    return this.kept.map(({ ticket }) => ticket);
  }

  /** Adds a ticket, in the order of arrival as far as that is known. */
  addTicket(ticket: Ticket): void {
    const one = { ticket, hash: hashOf(ticket.ticketId) };
    this.kept.splice(this.placeFor(one), 0, one);
    this.added += 1;
    if (this.added % this.size === 0) this.prune(ticket.receivedMs);
  }

  /** Removes tickets for good, because they became members of an incident. */
  excludeTickets(ticketIds: ReadonlySet<string>): void {
    this.kept = this.kept.filter(({ ticket }) => !ticketIds.has(ticket.ticketId));
  }

  /** The sample at a moment: one ticket of each requester, the smallest hashes first. */
  sampleAt(nowMs: number): Ticket[] {
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

  /** Drops tickets that are too old, and those that cannot enter the sample any more. */
  private prune(nowMs: number): void {
    const { youngestMs, oldestMs } = this.span;
    const ageOf = ({ ticket }: Kept<Ticket>): number => nowMs - ticket.receivedMs;
    this.kept = this.kept.filter((one) => ageOf(one) <= oldestMs);
    const youngestFirst = [...this.kept].sort((a, b) => ageOf(a) - ageOf(b));
    const isYoung = (one: Kept<Ticket>): boolean => ageOf(one) < youngestMs;
    const displaced = displacedOf(
      youngestFirst.filter((one) => !isYoung(one)),
      this.size,
    );
    if (youngestFirst[0] && isYoung(youngestFirst[0])) {
      // Once it is old enough, a young ticket competes with older ones, and later with younger ones. Twice as many, because some may be excluded until then.
      const byYounger = displacedOf(youngestFirst, 2 * this.size);
      const oldestFirst = youngestFirst.filter((one) => ageOf(one) + youngestMs <= oldestMs).reverse();
      for (const one of displacedOf(oldestFirst, 2 * this.size))
        if (isYoung(one) && byYounger.has(one)) displaced.add(one);
    }
    this.kept = this.kept.filter((one) => !displaced.has(one));
  }
}

/**
 * Tickets of a sequence that stand behind `size` others with smaller hashes, of distinct requesters, or behind one of the same requester with a smaller hash.
 */
function displacedOf<Ticket extends ReferenceTicket>(
  sequence: readonly Kept<Ticket>[],
  size: number,
): Set<Kept<Ticket>> {
  const smallest: number[] = [];
  const requesters = new Map<string, number>();
  const displaced = new Set<Kept<Ticket>>();
  for (const one of sequence) {
    const { requester } = one.ticket;
    const before = requester === null ? undefined : requesters.get(requester);
    const place = placeOf(smallest, one.hash);
    if ((before !== undefined && before <= one.hash) || place >= size) {
      displaced.add(one);
      continue;
    }
    if (requester !== null) requesters.set(requester, one.hash);
    if (before === undefined) smallest.splice(place, 0, one.hash);
    if (smallest.length > size) smallest.pop();
  }
  return displaced;
}

function byHash(a: Kept<ReferenceTicket>, b: Kept<ReferenceTicket>): number {
  return a.hash - b.hash || (a.ticket.ticketId < b.ticket.ticketId ? -1 : 1);
}

/** How many of the ascending numbers are smaller than a value. */
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

/** FNV-1a with 32 bits and the finaliser of MurmurHash3, which spreads ids that differ in their last characters only. */
export function hashOf(ticketId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < ticketId.length; index += 1) {
    hash = Math.imul(hash ^ ticketId.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
