import type { StormRules } from '@smart-support/contracts';
import type { ArrivedEntry } from '../log/storm-entry';
import { type Arrival, type Likeness, arrivalOf } from '../state/arrival';
import { NO_WORDS } from '../vectors/quantised-sparse-vector';
import { likenessToMean, meanOf } from '../state/mean-likeness';
import { cosine } from '../vectors/quantised-vector';
import { MonthlyCount } from './monthly-count';
import { ReferenceSample, type ReferenceTicket } from './reference-sample';
import {
  FEWEST,
  OWN_REFERENCE,
  SUSPECTED_SIMILARITIES,
  type Suspicion,
  type SuspicionRules,
  suspicionOf,
} from './suspicion';
import type { UsualTickets } from './usual-tickets';
import { type WatchSnapshot, decodeUsual, encodeUsual } from './watch-snapshot';

/** The sample is looked up anew after so many milliseconds: it changes slowly, and looking it up takes a while. The figures here are the prototype's. */
const SAMPLE_EVERY_MS = 60_000;

/** Followers belong to a suspected incident above this at least. */
const LEAST_SIMILARITY = 0.55;

/** Of the usual tickets so many, as a share, are less like the founders than a follower has to be. */
const UNUSUAL = 0.999;

/** Tickets of a window that are compared, at most: more do not make a burst more certain. */
const MOST_IN_WINDOW = 5_000;

/** A burst that the statistical rule sees. */
export interface SuspectedBurst {
  /** The newcomer that raised the suspicion, and those that are like it; in the order of the log. */
  readonly ticketIds: readonly string[];
  /** A cosine to the mean of these above which a ticket belongs to them. */
  readonly similarity: number;
  readonly because: Suspicion;
}

/** What a watch knows of incidents. */
export interface KnownIncidents {
  /** Whether a ticket belongs to an incident, be it only a suspected one, or did before that ended. */
  isMember(ticketId: string): boolean;
  /** The same, or it would belong to one that was rejected: compares it with these, so it is not to be asked of many. */
  isSpokenFor(ticketId: string): boolean;
}

/**
 * Watches tickets for bursts that are too unlike each other for the rule of storms, by comparing how many of the window are like a newcomer with
 * how many are usually. Suppresses nothing: it only says what it suspects. Not part of the state machine, for what is usual is known
 * to whoever watched for days.
 */
export class SuspicionWatch {
  private readonly sample = new ReferenceSample();
  private readonly month = new MonthlyCount();
  /** Tickets of the window, in the order of the log. */
  private window: Arrival[] = [];
  private reference: readonly ReferenceTicket[] = [];
  private sampledAt = -Infinity;
  private number = 0;

  /**
   * @param windowMs - as in the rules of storms
   * @param usual - what stands in until there are enough own tickets
   */
  constructor(
    private windowMs: number,
    private rules: SuspicionRules,
    private readonly usual: UsualTickets,
  ) {}

  /** Goes on by other rules of storms; what was suspected stands. */
  adoptRules({ windowMs, ticketThreshold }: Pick<StormRules, 'windowMs' | 'ticketThreshold'>): void {
    this.windowMs = windowMs;
    this.rules = { ...this.rules, ticketThreshold };
  }

  /** Takes in a ticket, and says whether it is part of a burst. Tickets without an embedding tell nothing here. */
  observe(entry: ArrivedEntry, incidents: KnownIncidents): SuspectedBurst | null {
    const newcomer = arrivalOf(entry, (this.number += 1));
    if (!newcomer.embedding) return null;
    this.month.add(entry.at_ms);
    this.sample.add(newcomer);
    const nowMs = entry.at_ms;
    this.window = this.window.filter(({ receivedMs }) => Math.abs(newcomer.receivedMs - receivedMs) <= this.windowMs);
    const before = this.window.slice();
    this.window.push(newcomer);
    if (this.window.length > MOST_IN_WINDOW) this.window.shift();
    // Most tickets are like few: incidents and the usual ones need not be asked about them.
    const [lowest] = SUSPECTED_SIMILARITIES;
    if (before.filter((arrival) => likeness(newcomer, arrival) >= lowest).length < FEWEST) return null;
    if (incidents.isSpokenFor(newcomer.ticketId)) return null;
    return this.suspect(newcomer, oneARequester(before, newcomer, incidents), nowMs, incidents);
  }

  /** What was learnt of the usual. The tickets of the window are left out: they are recalled from the log. */
  snapshot(): WatchSnapshot {
    return { usual: this.sample.tickets.flatMap(encodeUsual), month: this.month.entries() };
  }

  /**
   * Goes on with what another watch has learnt. To be called before the first ticket.
   * @throws SmartSupportError `invalid_input` for vectors that are none
   */
  restore({ usual, month }: WatchSnapshot): void {
    for (const ticket of usual) this.sample.add(decodeUsual(ticket));
    this.month.restore(month);
  }

  /** Takes a ticket of the window in again that was observed before, by this watch or by that whose snapshot it goes on from. */
  recall(entry: ArrivedEntry): void {
    const arrival = arrivalOf(entry, (this.number += 1));
    if (arrival.embedding) this.window.push(arrival);
  }

  private suspect(
    newcomer: Arrival,
    others: readonly Arrival[],
    nowMs: number,
    incidents: KnownIncidents,
  ): SuspectedBurst | null {
    const [lowest] = SUSPECTED_SIMILARITIES;
    const alike = others
      .map((arrival) => ({ arrival, similarity: likeness(newcomer, arrival) }))
      .filter(({ arrival, similarity }) => similarity >= lowest && !incidents.isSpokenFor(arrival.ticketId));
    if (alike.length < FEWEST) return null;
    const reference = this.referenceFor(newcomer, nowMs, incidents);
    const because = suspicionOf(
      {
        inWindow: others.length,
        likeInWindow: alike.map(({ similarity }) => similarity),
        inReference: reference.own.length + reference.usual.length,
        likeInReference: [...reference.own, ...reference.usual].map((ticket) => likeness(newcomer, ticket)),
        ownInReference: reference.own.length,
        ticketsAMonth: this.month.at(nowMs),
      },
      this.rules,
    );
    if (!because) return null;
    const founders = [
      ...alike.filter(({ similarity }) => similarity >= because.similarity).map(({ arrival }) => arrival),
      newcomer,
    ];
    const mean = meanOf(founders);
    const likenesses = [...reference.own, ...reference.usual]
      .map((ticket) => likenessToMean(ticket, mean).similarity)
      .sort((a, b) => a - b);
    const usualEnd = likenesses[Math.min(likenesses.length - 1, Math.floor(UNUSUAL * likenesses.length))] ?? 0;
    return {
      ticketIds: founders.map(({ ticketId }) => ticketId),
      similarity: Math.max(LEAST_SIMILARITY, usualEnd),
      because,
    };
  }

  private referenceFor(newcomer: Arrival, nowMs: number, incidents: KnownIncidents) {
    if (nowMs - this.sampledAt >= SAMPLE_EVERY_MS) {
      this.sampledAt = nowMs;
      const members = this.sample.tickets.flatMap(({ ticketId }) => (incidents.isMember(ticketId) ? [ticketId] : []));
      // For good: incidents are forgotten, and what they held was not usual for all that.
      if (members.length > 0) this.sample.leaveOut(new Set(members));
      this.reference = this.sample.at(nowMs);
    }
    const own = this.reference.filter(
      (ticket) => areComparable(ticket, newcomer) && !incidents.isMember(ticket.ticketId),
    );
    const areStandIns = own.length < OWN_REFERENCE && this.usual.model === newcomer.embedding?.model;
    const usual = areStandIns
      ? this.usual.vectors.map((vector) => ({ embedding: { model: this.usual.model, vector }, words: NO_WORDS }))
      : [];
    return { own, usual };
  }
}

/** Of each requester the latest ticket that can be compared; none of the newcomer's own, and none that an incident has. */
function oneARequester(window: readonly Arrival[], newcomer: Arrival, incidents: KnownIncidents): Arrival[] {
  const seen = new Set(newcomer.requester === null ? [] : [newcomer.requester]);
  const found: Arrival[] = [];
  for (const arrival of window.toReversed()) {
    if (!areComparable(arrival, newcomer) || incidents.isMember(arrival.ticketId)) continue;
    if (arrival.requester !== null) {
      if (seen.has(arrival.requester)) continue;
      seen.add(arrival.requester);
    }
    found.push(arrival);
  }
  return found.reverse();
}

/** Whether two embeddings are of one model and one length. */
function areComparable(a: Likeness, b: Likeness): boolean {
  const [one, other] = [a.embedding, b.embedding];
  return one?.model === other?.model && one?.vector.numbers.length === other?.vector.numbers.length;
}

/** Cosine of the embeddings; -1 where they cannot be compared. */
function likeness(a: Likeness, b: Likeness): number {
  if (!a.embedding || !b.embedding || !areComparable(a, b)) return -1;
  return cosine(a.embedding.vector, b.embedding.vector);
}
