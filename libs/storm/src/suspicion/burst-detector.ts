import type { StormRules } from '@smart-support/contracts';
import type { ArrivedEntry, CommonMatters } from '../log/storm-entry';
import { LATE_MS, MOSTLY_FAILURES } from '../rules';
import { mayHaveOneCause } from '../state/one-cause';
import { quantisedVector } from '../vectors/quantised-vector';
import { Background } from './background';
import { CLUSTER_SIMILARITIES, failureCluster, possibleReports } from './failure-cluster';
import { MonthlyCount } from './monthly-count';
import { RecentTraffic, type RecentTicket, chanceOfBurst } from './recent-traffic';
import { ReferenceSample, type ReferenceTicket } from './reference-sample';
import { type SuspectedBurst, burstOf } from './suspected-burst';
import { FEWEST_SIMILAR, OWN_REFERENCE, type BurstRules, testBurst } from './burst-test';
import { TokenBucket } from './token-bucket';
import { CommonMattersSurvey } from './common-matters-survey';
import type { SeedReference } from './seed-reference';
import { type BurstDetectorSnapshot, decodeReference, encodeReference } from './burst-detector-snapshot';

/** The sample is looked up anew after so many milliseconds, which takes a while: in a week or so it changes, not in minutes. */
const SAMPLE_EVERY_MS = 300_000;

/** During a storm its members are left out of the sample so often, in milliseconds. */
const LEFT_OUT_EVERY_MS = 10_000;

/** Reports of one failure have at least this mean centred cosine. Chosen as said in decision 20. */
const TIGHT = 0.2;

/** The same where nothing is known of the time before: then the reports must come within a fifth of the window as well, and be half of all tickets. */
const TIGHT_BY_ITSELF = 0.23;
const SHORT_SPANS_PER_WINDOW = 5;

/** How probable a burst may be by chance where so few tickets are known that there is no usual rate. */
const CHANCE_AMONG_FEW = 0.01;

/** Reports of a failure are compared with so many tickets before them, at most: more tell nothing new, and take time. */
const MOST_COMPARED = 1_000;

/** What arrives all the time is worked out anew after so many milliseconds. */
const SURVEY_EVERY_MS = 3_600_000;

/**
 * Newcomers that are asked about, at most: so many at once, and so many a second. The others are compared with later ones. Asking takes some
 * milliseconds of the leader, which has tickets of its own; and where more come, a burst has more tickets to be found by.
 */
const ASKED = { atOnce: 20, perSecond: 10 };

/** What a watch knows of incidents. */
export interface KnownIncidents {
  /** Whether a ticket belongs to an incident, be it only a suspected one, or did before that ended. Known as long as its entry counts: window and 15 minutes. */
  isMember(ticketId: string): boolean;
  /** The suspected incident that has a ticket; `null` if none has. */
  suspicionOf(ticketId: string): string | null;
  /** The same, or it would belong to one that was rejected: compares it with these, so it is not to be asked of many. */
  isSpokenFor(ticketId: string): boolean;
}

/** A ticket of the window. */
interface WatchedTicket extends RecentTicket {
  /** What its vector must have in common with another one to be compared. */
  readonly group: string;
  /** How probable it is that it reports that something does not work, in [0, 1]. */
  readonly failure: number;
  /** See {@link ArrivedEntry.identifiers}. */
  readonly identifiers: string;
  /** Whether an incident held it, a suspected one not counted; also once the incidents have forgotten it. */
  wasHeld: boolean;
}

/** What newcomers of one model are compared with. */
interface Reference {
  readonly background: Background;
  /** How many of its tickets are the service's own. */
  readonly own: number;
}

/**
 * Watches tickets for bursts that are too unlike each other for the rule of storms, by comparing how many of the window are like a newcomer with
 * how many are usually. Suppresses nothing: it only says what it suspects. Not part of the state machine, for what is usual is known
 * to whoever watched for days.
 */
export class BurstDetector {
  private readonly sample = new ReferenceSample();
  private readonly month = new MonthlyCount();
  private recent = new RecentTraffic<WatchedTicket>();
  private readonly asked = new TokenBucket(ASKED);
  /** By what vectors must have in common to be compared. */
  private readonly references = new Map<string, Reference>();
  private sampledAt = -Infinity;
  private leftOutAt = -Infinity;
  private surveyedAt = -Infinity;
  private survey: CommonMattersSurvey | null = null;

  /**
   * @param windowMs - as in the rules of storms
   * @param standIns - what tells what is usual until there are enough own tickets
   */
  constructor(
    private windowMs: number,
    private rules: BurstRules,
    private readonly standIns: SeedReference,
  ) {}

  /** Goes on by other rules of storms; what was suspected stands. */
  adoptRules({ windowMs, ticketThreshold }: Pick<StormRules, 'windowMs' | 'ticketThreshold'>): void {
    this.windowMs = windowMs;
    this.rules = { ...this.rules, ticketThreshold };
  }

  /** Takes in a ticket that another watch has judged: what it was part of was found then. Tickets without an embedding tell nothing here. */
  learn(entry: ArrivedEntry, incidents: KnownIncidents): void {
    const ticket = watchedTicket(entry);
    if (!ticket) return;
    this.count(ticket, incidents);
    this.recent.within(this.windowMs + LATE_MS, entry.at_ms);
    this.recent.add(ticket);
  }

  /** Takes in a ticket, and says whether it is part of a burst. Tickets without an embedding tell nothing here. */
  observe(entry: ArrivedEntry, incidents: KnownIncidents): SuspectedBurst | null {
    const newcomer = watchedTicket(entry);
    if (!newcomer) return null;
    const nowMs = entry.at_ms;
    this.count(newcomer, incidents);
    const latest = this.recent.within(this.windowMs + LATE_MS, nowMs);
    const isAsked = !newcomer.wasHeld && latest.length >= FEWEST_SIMILAR && this.asked.take(nowMs);
    const isComparable = ({ receivedMs, group }: WatchedTicket): boolean =>
      Math.abs(newcomer.receivedMs - receivedMs) <= this.windowMs && group === newcomer.group;
    const before = isAsked ? latest.filter(isComparable) : [];
    this.recent.add(newcomer);
    // While its members are still known, also if nothing comes after a storm.
    const everyMs = newcomer.wasHeld ? LEFT_OUT_EVERY_MS : SAMPLE_EVERY_MS;
    if (nowMs - this.leftOutAt >= everyMs) this.leaveMembersOut(nowMs, incidents);
    if (before.length < FEWEST_SIMILAR) return null;
    const burst = this.suspect(newcomer, before, nowMs, incidents);
    // Not usual for all that, also once the incident is forgotten.
    if (burst) this.sample.leaveOut(new Set(burst.ticketIds));
    return burst;
  }

  /** What was learnt of the usual. The tickets of the window are left out: they are recalled from the log. */
  snapshot(): BurstDetectorSnapshot {
    return { usual: this.sample.tickets.map(encodeReference), month: this.month.entries() };
  }

  /**
   * Goes on with what another watch has learnt. To be called before the first ticket.
   * @throws SmartSupportError `invalid_input` for vectors that are none
   */
  restore({ usual, month }: BurstDetectorSnapshot): void {
    for (const ticket of usual) this.sample.add(decodeReference(ticket));
    this.month.restore(month);
  }

  /** Takes a ticket in again, in the order of the log, that was observed before, by this watch or by that whose snapshot it goes on from. */
  recall(entry: ArrivedEntry): void {
    const ticket = watchedTicket(entry);
    if (ticket) this.recent.add(ticket);
  }

  /** Forgets the tickets of the last hour, because the log has lost them: they would make a burst of the first new ones. What is usual stays. */
  forgetRecent(): void {
    this.recent = new RecentTraffic();
  }

  /**
   * What many tickets of the last days are about, for the rule of storms. Worked out once an hour, a step with each call, so that no call takes long.
   * @param nowMs - by the log's clock, in milliseconds since 1970
   * @param similarity - as in the rules of storms
   * @returns `null` until that is done, and where too few own tickets tell
   */
  commonMatters(nowMs: number, similarity: number): CommonMatters | null {
    if (!this.survey && nowMs - this.surveyedAt >= SURVEY_EVERY_MS) {
      this.surveyedAt = nowMs;
      const sample = this.sample.at(nowMs);
      if (sample.length >= OWN_REFERENCE) this.survey = new CommonMattersSurvey(sample, similarity);
    }
    const matters = this.survey?.step() ?? null;
    if (matters) this.survey = null;
    return matters;
  }

  private count(ticket: WatchedTicket, incidents: KnownIncidents): void {
    this.month.add(ticket.loggedMs);
    ticket.wasHeld = isHeld(ticket, incidents);
    if (!ticket.wasHeld) this.sample.add(ticket);
  }

  private suspect(
    newcomer: WatchedTicket,
    before: readonly WatchedTicket[],
    nowMs: number,
    incidents: KnownIncidents,
  ): SuspectedBurst | null {
    const reference = this.referenceFor(newcomer, nowMs, incidents);
    const failures = this.suspectFailure(newcomer, before, reference, nowMs, incidents);
    if (failures || incidents.isMember(newcomer.ticketId)) return failures;
    const others = oneARequester(before, newcomer, ({ ticketId }) => !incidents.isMember(ticketId));
    const found = this.similarTickets(newcomer, others, reference, nowMs);
    if (!found || incidents.isSpokenFor(newcomer.ticketId)) return null;
    // Asked of similar tickets only, and only where there are enough of them.
    const spokenFor = new Set(found.filter(({ ticketId }) => incidents.isSpokenFor(ticketId)));
    const free = others.filter((other) => !spokenFor.has(other));
    const sure = spokenFor.size === 0 ? found : this.similarTickets(newcomer, free, reference, nowMs);
    if (!sure || !this.isSudden(newcomer, sure, reference, nowMs, incidents)) return null;
    return { ...burstOf([...sure, newcomer], reference.background), incidentId: null };
  }

  /** Several people report one failure: more of them than open an incident, and more suddenly than such reports came before. */
  private suspectFailure(
    newcomer: WatchedTicket,
    before: readonly WatchedTicket[],
    reference: Reference,
    nowMs: number,
    incidents: KnownIncidents,
  ): SuspectedBurst | null {
    const isFree = (ticket: WatchedTicket): boolean => !isHeld(ticket, incidents);
    let inShortSpan: readonly WatchedTicket[] = [];
    for (const spanMs of [this.windowMs / SHORT_SPANS_PER_WINDOW, this.windowMs]) {
      const near = before.filter(({ loggedMs }) => nowMs - loggedMs <= spanMs);
      const others = possibleReports(oneARequester(near, newcomer, isFree));
      // Where the latest reports that are looked at all came within the short span, there is nothing else to be found.
      const isKnown = others.length === inShortSpan.length && others[0] === inShortSpan[0];
      inShortSpan = others;
      if (isKnown || others.length < this.rules.ticketThreshold) continue;
      for (const similarity of CLUSTER_SIMILARITIES) {
        const cluster = failureCluster(newcomer, others, reference.background, similarity);
        if (!cluster || cluster.tickets.length <= this.rules.ticketThreshold) continue;
        if (cluster.tightness < TIGHT || cluster.failure < MOSTLY_FAILURES) continue;
        // What an incident holds already was sudden for its own reason.
        const sequence = this.recent
          .sequence(newcomer, nowMs, ({ group }) => group)
          .slice(-MOST_COMPARED)
          .filter(isFree);
        const isQuiet = this.recent.isQuiet(sequence, cluster.tickets.length - 1, nowMs);
        const isAllThereIs =
          spanMs < this.windowMs &&
          isQuiet &&
          cluster.tightness >= TIGHT_BY_ITSELF &&
          2 * cluster.tickets.length > sequence.length + 1;
        const chance = (): number => chanceOfBurst(sequence, cluster.takes, this.rules.ticketThreshold);
        if (!isAllThereIs && chance() >= this.chanceAllowed(isQuiet, nowMs)) continue;
        if (
          cluster.tickets.some(
            ({ ticketId }) => incidents.isSpokenFor(ticketId) && incidents.suspicionOf(ticketId) === null,
          )
        )
          continue;
        return this.continued(burstOf(cluster.tickets, reference.background), incidents);
      }
    }
    return null;
  }

  /** Goes on with the suspected incident that has most of the tickets; `null` if it has all of them. */
  private continued(burst: Omit<SuspectedBurst, 'incidentId'>, incidents: KnownIncidents): SuspectedBurst | null {
    const counts = new Map<string, number>();
    for (const ticketId of burst.ticketIds) {
      const id = incidents.suspicionOf(ticketId);
      if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const [incidentId = null, held = 0] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
    return held === burst.ticketIds.length ? null : { ...burst, incidentId };
  }

  /** Whether similar tickets come more suddenly than such tickets came in the last hour; among few tickets nobody can tell. */
  private isSudden(
    newcomer: WatchedTicket,
    similar: readonly WatchedTicket[],
    { background }: Reference,
    nowMs: number,
    incidents: KnownIncidents,
  ): boolean {
    // What an incident holds already was sudden for its own reason.
    const sequence = this.recent
      .sequence(newcomer, nowMs, ({ group }) => group)
      .filter((ticket) => !ticket.wasHeld && !incidents.isMember(ticket.ticketId));
    if (this.recent.isQuiet(sequence, similar.length, nowMs)) return true;
    const similarity = background.centredCosineWith(newcomer.vector);
    const least = Math.min(...similar.map(({ vector }) => similarity(vector)));
    const isSimilar = ({ vector }: WatchedTicket): boolean => similarity(vector) >= least;
    return chanceOfBurst(sequence, isSimilar, FEWEST_SIMILAR) < this.chanceAllowed(false, nowMs);
  }

  private chanceAllowed(isQuiet: boolean, nowMs: number): number {
    if (isQuiet) return CHANCE_AMONG_FEW;
    return this.rules.falseAlarmsPerMonth / Math.max(1_000, this.month.at(nowMs), this.recent.ticketsAMonth(nowMs));
  }

  /** Those that are like a newcomer, if they are too many for chance. */
  private similarTickets(
    newcomer: WatchedTicket,
    others: readonly WatchedTicket[],
    { background, own }: Reference,
    nowMs: number,
  ): WatchedTicket[] | null {
    const similarity = background.centredCosineWith(newcomer.vector);
    const similarities = others.map((other) => (mayHaveOneCause(other, newcomer) ? similarity(other.vector) : -1));
    const { vectors } = background;
    const suspicion = testBurst(
      {
        inWindow: others.length,
        similarInWindow: similarities,
        inReference: vectors.length,
        similarityInReference: (place) => {
          const vector = vectors[place];
          return vector ? similarity(vector) : -1;
        },
        ownInReference: own,
        ticketsAMonth: this.month.at(nowMs),
      },
      this.rules,
    );
    return suspicion && others.filter((_, place) => (similarities[place] ?? -1) > suspicion.similarity);
  }

  private referenceFor(newcomer: WatchedTicket, nowMs: number, incidents: KnownIncidents): Reference {
    if (nowMs - this.sampledAt >= SAMPLE_EVERY_MS) {
      this.sampledAt = nowMs;
      this.leaveMembersOut(nowMs, incidents);
      this.references.clear();
    }
    const { group } = newcomer;
    let reference = this.references.get(group);
    if (!reference) this.references.set(group, (reference = this.newReference(group, nowMs)));
    return reference;
  }

  /** For good: members of incidents are forgotten, and what these held was not usual for all that. */
  private leaveMembersOut(nowMs: number, incidents: KnownIncidents): void {
    this.leftOutAt = nowMs;
    const members = this.sample.tickets.flatMap(({ ticketId }) => (incidents.isMember(ticketId) ? [ticketId] : []));
    if (members.length > 0) this.sample.leaveOut(new Set(members));
    for (const ticket of this.recent.tickets) ticket.wasHeld ||= isHeld(ticket, incidents);
  }

  private newReference(group: string, nowMs: number): Reference {
    const own = this.sample.at(nowMs).filter((ticket) => groupOf(ticket) === group);
    const { model, vectors } = this.standIns;
    const standIns = own.length < OWN_REFERENCE ? vectors.filter((vector) => groupOf({ model, vector }) === group) : [];
    return { background: new Background([...own.map(({ vector }) => vector), ...standIns]), own: own.length };
  }
}

/** Whether an incident holds a ticket, or did when it was last looked up; a suspected one not counted. */
function isHeld({ ticketId, wasHeld }: WatchedTicket, incidents: KnownIncidents): boolean {
  return wasHeld || (incidents.isMember(ticketId) && incidents.suspicionOf(ticketId) === null);
}

/** What is kept of a ticket; `null` for one without an embedding, or with one that points nowhere. */
function watchedTicket(entry: ArrivedEntry): WatchedTicket | null {
  const { ticket_id, requester, received_ms, at_ms, embedding, failure, identifiers } = entry;
  if (!embedding?.numbers.some((value) => value !== 0)) return null;
  // A copy: the numbers may stand in a block of many vectors, which would be kept with them.
  const vector = quantisedVector(embedding.numbers.slice());
  return {
    ticketId: ticket_id,
    requester,
    receivedMs: received_ms,
    loggedMs: at_ms,
    model: embedding.model,
    vector,
    group: groupOf({ model: embedding.model, vector }),
    failure,
    identifiers,
    wasHeld: false,
  };
}

/** Names what two vectors must have in common to be compared. */
function groupOf({ model, vector }: Pick<ReferenceTicket, 'model' | 'vector'>): string {
  return `${vector.numbers.length} ${model}`;
}

/** Of each requester the latest ticket that may count; none of the newcomer's own. */
function oneARequester(
  window: readonly WatchedTicket[],
  newcomer: WatchedTicket,
  mayCount: (ticket: WatchedTicket) => boolean,
): WatchedTicket[] {
  const seen = new Set(newcomer.requester === null ? [] : [newcomer.requester]);
  const found: WatchedTicket[] = [];
  for (const ticket of window.toReversed()) {
    if (!mayCount(ticket)) continue;
    if (ticket.requester !== null) {
      if (seen.has(ticket.requester)) continue;
      seen.add(ticket.requester);
    }
    found.push(ticket);
  }
  return found.reverse();
}
