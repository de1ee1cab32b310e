import type { StormRules } from '@smart-support/contracts';
import type { ArrivedEntry } from '../log/storm-entry';
import { Arrival, comparableBy } from '../state/arrival';
import { meanOf } from '../state/mean-likeness';
import { type QuantisedVector, cosine } from '../vectors/quantised-vector';
import { Background } from './background';
import { MonthlyCount } from './monthly-count';
import { ReferenceSample } from './reference-sample';
import { FEWEST, OWN_REFERENCE, type Suspicion, type SuspicionRules, suspicionOf } from './suspicion';
import { TokenBucket } from './token-bucket';
import type { UsualTickets } from './usual-tickets';
import { type WatchSnapshot, decodeUsual, encodeUsual } from './watch-snapshot';

/** The sample is looked up anew after so many milliseconds: it changes slowly, and looking it up takes a while. */
const SAMPLE_EVERY_MS = 300_000;

/** Followers belong to a suspected incident above this at least. */
const LEAST_SIMILARITY = 0.55;

/** Of the usual tickets so many, as a share, are less like the founders than a follower has to be. */
const UNUSUAL = 0.999;

/** Tickets of a window that are compared, at most, the latest: where more come, a burst has as many the sooner. */
const MOST_IN_WINDOW = 1_000;

/**
 * Newcomers that are asked about, at most: so many at once, and so many a second. The others are compared with later ones. Asking takes about a
 * millisecond of the leader, which has tickets of its own; and where more come, a burst has more tickets to be found by.
 */
const ASKED = { atOnce: 20, perSecond: 10 };

/** A burst that the statistical rule sees. */
export interface SuspectedBurst {
  /** The newcomer that raised the suspicion, and those that are like it; in the order of the log. */
  readonly ticketIds: readonly string[];
  /** A cosine to the mean of these above which a ticket belongs to them. */
  readonly similarity: number;
  readonly because: Suspicion;
}

/** What a newcomer is compared with. */
interface Reference {
  readonly background: Background;
  /** How many of its tickets are the service's own; these come first. */
  readonly own: number;
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
  private readonly asked = new TokenBucket(ASKED);
  /** What is usual, by what embeddings must have in common to be compared. */
  private readonly references = new Map<string, Reference>();
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
    const newcomer = new Arrival(entry, (this.number += 1));
    if (!newcomer.embedding) return null;
    this.month.add(entry.at_ms);
    this.sample.add(newcomer);
    this.window = this.window.filter(({ receivedMs }) => Math.abs(newcomer.receivedMs - receivedMs) <= this.windowMs);
    const before = this.window.slice();
    this.window.push(newcomer);
    if (this.window.length > MOST_IN_WINDOW) this.window.shift();
    if (before.length < FEWEST || incidents.isMember(newcomer.ticketId) || !this.asked.take(entry.at_ms)) return null;
    return this.suspect(newcomer, oneARequester(before, newcomer, incidents), entry.at_ms, incidents);
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
    const arrival = new Arrival(entry, (this.number += 1));
    if (arrival.embedding) this.window.push(arrival);
  }

  private suspect(
    newcomer: Arrival,
    others: readonly Arrival[],
    nowMs: number,
    incidents: KnownIncidents,
  ): SuspectedBurst | null {
    const reference = this.referenceFor(newcomer, nowMs, incidents);
    const found = this.lookAlikes(newcomer, others, reference, nowMs);
    if (!found || incidents.isSpokenFor(newcomer.ticketId)) return null;
    // Asked of look-alikes only, and only where there are enough of them.
    const spokenFor = new Set(found.lookAlikes.filter(({ ticketId }) => incidents.isSpokenFor(ticketId)));
    const free = others.filter((arrival) => !spokenFor.has(arrival));
    const sure = spokenFor.size === 0 ? found : this.lookAlikes(newcomer, free, reference, nowMs);
    return sure && burstOf([...sure.lookAlikes, newcomer], sure.because, reference);
  }

  private lookAlikes(newcomer: Arrival, others: readonly Arrival[], { background, own }: Reference, nowMs: number) {
    const likenessTo = (vector: QuantisedVector | undefined): number =>
      vector && newcomer.embedding ? background.likeness(newcomer.embedding.vector, vector) : -1;
    const likenesses = others.map(({ embedding }) => likenessTo(embedding?.vector));
    const because = suspicionOf(
      {
        inWindow: others.length,
        likeInWindow: likenesses,
        inReference: background.vectors.length,
        likeInReference: (place) => likenessTo(background.vectors[place]),
        ownInReference: own,
        ticketsAMonth: this.month.at(nowMs),
      },
      this.rules,
    );
    if (!because) return null;
    return { because, lookAlikes: others.filter((_, place) => (likenesses[place] ?? -1) > because.likeness) };
  }

  private referenceFor(newcomer: Arrival, nowMs: number, incidents: KnownIncidents): Reference {
    if (nowMs - this.sampledAt >= SAMPLE_EVERY_MS) {
      this.sampledAt = nowMs;
      const members = this.sample.tickets.flatMap(({ ticketId }) => (incidents.isMember(ticketId) ? [ticketId] : []));
      // For good: incidents are forgotten, and what they held was not usual for all that.
      if (members.length > 0) this.sample.leaveOut(new Set(members));
      this.references.clear();
    }
    const group = comparableBy(newcomer) ?? '';
    const known = this.references.get(group);
    if (known) return known;
    const own = this.sample.at(nowMs).filter((ticket) => comparableBy(ticket) === group);
    const { model, vector } = newcomer.embedding ?? {};
    const areStandIns = own.length < OWN_REFERENCE && this.usual.model === model;
    const vectors = own.flatMap(({ embedding }) => embedding?.vector ?? []);
    const standIns = areStandIns
      ? this.usual.vectors.filter(({ numbers }) => numbers.length === vector?.numbers.length)
      : [];
    const background = new Background([...vectors, ...standIns]);
    const reference = { background, own: own.length };
    this.references.set(group, reference);
    return reference;
  }
}

/** Of each requester the latest ticket that can be compared; none of the newcomer's own, and none that an incident has. */
function oneARequester(window: readonly Arrival[], newcomer: Arrival, incidents: KnownIncidents): Arrival[] {
  const seen = new Set(newcomer.requester === null ? [] : [newcomer.requester]);
  const found: Arrival[] = [];
  for (const arrival of window.toReversed()) {
    if (comparableBy(arrival) !== comparableBy(newcomer) || incidents.isMember(arrival.ticketId)) continue;
    if (arrival.requester !== null) {
      if (seen.has(arrival.requester)) continue;
      seen.add(arrival.requester);
    }
    found.push(arrival);
  }
  return found.reverse();
}

/** What is said of the tickets of a burst. */
function burstOf(founders: readonly Arrival[], because: Suspicion, { background }: Reference): SuspectedBurst {
  const [mean] = meanOf(founders).embeddings.values();
  const likenesses = background.vectors.map((vector) => (mean ? cosine(vector, mean) : 0)).sort((a, b) => a - b);
  const usualEnd = likenesses[Math.min(likenesses.length - 1, Math.floor(UNUSUAL * likenesses.length))] ?? 0;
  return {
    ticketIds: founders.map(({ ticketId }) => ticketId),
    similarity: Math.max(LEAST_SIMILARITY, usualEnd),
    because,
  };
}
