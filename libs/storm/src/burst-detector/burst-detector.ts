import type { StormRules } from '@smart-support/contracts';
import type { ArrivedEntry, CommonMatters } from '../log/storm-entry';
import { LATE_MS, MOSTLY_FAILURES } from '../rules';
import { mayHaveOneCause } from '../incident/one-cause';
import { quantisedVector } from '../vectors/quantised-vector';
import { ReferenceVectors } from './reference-vectors';
import { CLUSTER_SIMILARITIES, failureCluster, possibleReports } from './failure-cluster';
import { MonthlyCount } from './monthly-count';
import { RecentTraffic, type RecentTicket, probabilityOfBurst } from './recent-traffic';
import { ReferenceSample, type ReferenceTicket } from './reference-sample';
import { type SuspectedBurst, suspectedBurst } from './suspected-burst';
import { FEWEST_SIMILAR, OWN_REFERENCE, type BurstRules, testBurst } from './burst-test';
import { TokenBucket } from './token-bucket';
import { CommonMattersSurvey } from './common-matters-survey';
import type { SeedReference } from './seed-reference';
import { type BurstDetectorSnapshot, decodeReference, encodeReference } from './burst-detector-snapshot';

/** Milliseconds between two updates of the reference. An update is expensive, and a sample of a week hardly changes within minutes. */
const SAMPLE_EVERY_MS = 300_000;

/** Milliseconds between two exclusions of members from the sample while members of an incident arrive. */
const EXCLUDE_EVERY_MS = 10_000;

/** Least mean centred cosine of reports of one failure. Decision 20 says how it was chosen. */
const TIGHT = 0.2;

/** The same where no earlier traffic is known: there the reports must also arrive within a fifth of the window, and be more than half of all tickets. */
const TIGHT_BY_ITSELF = 0.23;
const SHORT_SPANS_PER_WINDOW = 5;

/** Highest probability of a burst by chance where traffic is too low to know a rate. */
const PROBABILITY_AMONG_FEW = 0.01;

/** Most earlier tickets that reports of a failure are compared with: more change nothing, and take time. */
const MOST_COMPARED = 1_000;

/** Milliseconds between two surveys of common matters. */
const SURVEY_EVERY_MS = 3_600_000;

/**
 * Most newcomers that are tested: at once, and per second. The others still count in later tests. A test takes milliseconds in a process that also routes
 * tickets, and in dense traffic a burst has more tickets by which it can be found.
 */
const TEST_RATE = { atOnce: 20, perSecond: 10 };

/** What the burst detector asks about incidents. */
export interface KnownIncidents {
  /** Whether a ticket is a member of an incident of any status. Known as long as its entry counts: the window and 15 minutes. */
  isMember(ticketId: string): boolean;
  /** Id of the suspected incident of which a ticket is a member; `null` if there is none. */
  suspectedIncidentOf(ticketId: string): string | null;
  /** The same, or whether it is similar enough to a rejected incident. Compares vectors: not for many tickets at once. */
  isMemberOrOfRejected(ticketId: string): boolean;
}

/** A ticket as the burst detector keeps it. */
interface ObservedTicket extends RecentTicket {
  /** Equal for tickets whose vectors can be compared. */
  readonly group: string;
  /** Probability that it reports that something does not work, in [0, 1]. */
  readonly failure: number;
  /** See {@link ArrivedEntry.identifiers}. */
  readonly identifiers: string;
  /** Whether it is or was a member of an incident that is not merely suspected; stays true once the storm detector has forgotten the ticket. */
  wasMember: boolean;
}

/** The reference for vectors of one model. */
interface Reference {
  readonly vectors: ReferenceVectors;
  /** How many of the vectors are of the service's own tickets; the others are of the seed. */
  readonly own: number;
}

/**
 * Finds bursts whose tickets differ too much for the rule of storms: compares how many tickets of the window are similar to a newcomer with how many of the
 * reference are. Only reports what it finds, and suppresses nothing. Not part of the state machine that follows the log, because the reference takes days to
 * gather.
 */
export class BurstDetector {
  private readonly sample = new ReferenceSample();
  private readonly month = new MonthlyCount();
  private recent = new RecentTraffic<ObservedTicket>();
  private readonly testBudget = new TokenBucket(TEST_RATE);
  /** By group of comparable vectors. */
  private readonly references = new Map<string, Reference>();
  private sampledAt = -Infinity;
  private excludedAt = -Infinity;
  private surveyedAt = -Infinity;
  private survey: CommonMattersSurvey | null = null;

  /**
   * @param windowMs - as in {@link StormRules}
   * @param seed - completes the reference until there are enough tickets of the service itself
   */
  constructor(
    private windowMs: number,
    private rules: BurstRules,
    private readonly seed: SeedReference,
  ) {}

  /** Applies other rules from now on; suspected incidents stay. */
  adoptRules({ windowMs, ticketThreshold }: Pick<StormRules, 'windowMs' | 'ticketThreshold'>): void {
    this.windowMs = windowMs;
    this.rules = { ...this.rules, ticketThreshold };
  }

  /** Takes in a ticket that another process has tested already. A ticket without an embedding is ignored. */
  learn(entry: ArrivedEntry, incidents: KnownIncidents): void {
    const ticket = observedTicket(entry);
    if (!ticket) return;
    this.countTicket(ticket, incidents);
    this.recent.latestWithin(this.windowMs + LATE_MS, entry.at_ms);
    this.recent.addTicket(ticket);
  }

  /** Takes in a ticket and returns the burst that it is part of, `null` for none. A ticket without an embedding is ignored. */
  observe(entry: ArrivedEntry, incidents: KnownIncidents): SuspectedBurst | null {
    const newcomer = observedTicket(entry);
    if (!newcomer) return null;
    const nowMs = entry.at_ms;
    this.countTicket(newcomer, incidents);
    const latest = this.recent.latestWithin(this.windowMs + LATE_MS, nowMs);
    const isTested = !newcomer.wasMember && latest.length >= FEWEST_SIMILAR && this.testBudget.takeToken(nowMs);
    const isComparable = ({ receivedMs, group }: ObservedTicket): boolean =>
      Math.abs(newcomer.receivedMs - receivedMs) <= this.windowMs && group === newcomer.group;
    const before = isTested ? latest.filter(isComparable) : [];
    this.recent.addTicket(newcomer);
    // While the members are still known, even if no ticket follows the storm.
    const everyMs = newcomer.wasMember ? EXCLUDE_EVERY_MS : SAMPLE_EVERY_MS;
    if (nowMs - this.excludedAt >= everyMs) this.excludeMembers(nowMs, incidents);
    if (before.length < FEWEST_SIMILAR) return null;
    const burst = this.findBurst(newcomer, before, nowMs, incidents);
    // They must not enter the reference once their incident is forgotten.
    if (burst) this.sample.excludeTickets(new Set(burst.ticketIds));
    return burst;
  }

  /** The sample and the counts. Tickets of the window are not included: {@link recall} takes them from the log. */
  snapshot(): BurstDetectorSnapshot {
    return { reference: this.sample.tickets.map(encodeReference), month: this.month.entries() };
  }

  /**
   * Continues from the snapshot of another process. Call it before the first ticket.
   * @throws SmartSupportError `invalid_input` for vectors that are none
   */
  restore({ reference, month }: BurstDetectorSnapshot): void {
    for (const ticket of reference) this.sample.addTicket(decodeReference(ticket));
    this.month.restore(month);
  }

  /** Takes in, in the order of the log, a ticket that was observed before the snapshot was taken. */
  recall(entry: ArrivedEntry): void {
    const ticket = observedTicket(entry);
    if (ticket) this.recent.addTicket(ticket);
  }

  /** Forgets the tickets of the last hour, for a log that has lost them: they would turn the first new tickets into a burst. The reference stays. */
  forgetRecent(): void {
    this.recent = new RecentTraffic();
  }

  /**
   * Finds what many tickets of the last days are about, for the rule of storms: once an hour, and in many short steps, one in each call.
   * @param nowMs - by the log's clock, in milliseconds since 1970
   * @param similarity - as in {@link StormRules}
   * @returns `null` until the last step, and with too few tickets of the service itself
   */
  surveyCommonMatters(nowMs: number, similarity: number): CommonMatters | null {
    if (!this.survey && nowMs - this.surveyedAt >= SURVEY_EVERY_MS) {
      this.surveyedAt = nowMs;
      const sample = this.sample.sampleAt(nowMs);
      if (sample.length >= OWN_REFERENCE) this.survey = new CommonMattersSurvey(sample, similarity);
    }
    const matters = this.survey?.step() ?? null;
    if (matters) this.survey = null;
    return matters;
  }

  private countTicket(ticket: ObservedTicket, incidents: KnownIncidents): void {
    this.month.countTicket(ticket.loggedMs);
    ticket.wasMember = isOrWasMember(ticket, incidents);
    if (!ticket.wasMember) this.sample.addTicket(ticket);
  }

  private findBurst(
    newcomer: ObservedTicket,
    before: readonly ObservedTicket[],
    nowMs: number,
    incidents: KnownIncidents,
  ): SuspectedBurst | null {
    const reference = this.referenceFor(newcomer, nowMs, incidents);
    const failures = this.findFailureBurst(newcomer, before, reference, nowMs, incidents);
    if (failures || incidents.isMember(newcomer.ticketId)) return failures;
    const others = latestPerRequester(before, newcomer, ({ ticketId }) => !incidents.isMember(ticketId));
    const found = this.similarTickets(newcomer, others, reference, nowMs);
    if (!found || incidents.isMemberOrOfRejected(newcomer.ticketId)) return null;
    // Only of similar tickets, and only if there are enough of them: it compares vectors.
    const taken = new Set(found.filter(({ ticketId }) => incidents.isMemberOrOfRejected(ticketId)));
    const free = others.filter((other) => !taken.has(other));
    const sure = taken.size === 0 ? found : this.similarTickets(newcomer, free, reference, nowMs);
    if (!sure || !this.isSudden(newcomer, sure, reference, nowMs, incidents)) return null;
    return { ...suspectedBurst([...sure, newcomer], reference.vectors), incidentId: null };
  }

  /** Reports of one failure by more requesters than the threshold, more sudden than such reports were before. */
  private findFailureBurst(
    newcomer: ObservedTicket,
    before: readonly ObservedTicket[],
    reference: Reference,
    nowMs: number,
    incidents: KnownIncidents,
  ): SuspectedBurst | null {
    const isFree = (ticket: ObservedTicket): boolean => !isOrWasMember(ticket, incidents);
    let inShortSpan: readonly ObservedTicket[] = [];
    for (const spanMs of [this.windowMs / SHORT_SPANS_PER_WINDOW, this.windowMs]) {
      const near = before.filter(({ loggedMs }) => nowMs - loggedMs <= spanMs);
      const others = possibleReports(latestPerRequester(near, newcomer, isFree));
      // The reports of the short span were all that is looked at.
      const isKnown = others.length === inShortSpan.length && others[0] === inShortSpan[0];
      inShortSpan = others;
      if (isKnown || others.length < this.rules.ticketThreshold) continue;
      for (const similarity of CLUSTER_SIMILARITIES) {
        const cluster = failureCluster(newcomer, others, reference.vectors, similarity);
        if (!cluster || cluster.tickets.length <= this.rules.ticketThreshold) continue;
        if (cluster.tightness < TIGHT || cluster.failure < MOSTLY_FAILURES) continue;
        // Members of an incident were sudden for a reason of their own.
        const sequence = this.recent
          .sequence(newcomer, nowMs, ({ group }) => group)
          .slice(-MOST_COMPARED)
          .filter(isFree);
        const isLow = this.recent.isLowTraffic(sequence, cluster.tickets.length - 1, nowMs);
        const isAllTraffic =
          spanMs < this.windowMs &&
          isLow &&
          cluster.tightness >= TIGHT_BY_ITSELF &&
          2 * cluster.tickets.length > sequence.length + 1;
        const probability = (): number => probabilityOfBurst(sequence, cluster.includes, this.rules.ticketThreshold);
        if (!isAllTraffic && probability() >= this.maximumProbability(isLow, nowMs)) continue;
        if (
          cluster.tickets.some(
            ({ ticketId }) =>
              incidents.isMemberOrOfRejected(ticketId) && incidents.suspectedIncidentOf(ticketId) === null,
          )
        )
          continue;
        return this.continueSuspected(suspectedBurst(cluster.tickets, reference.vectors), incidents);
      }
    }
    return null;
  }

  /** Adds the burst to the suspected incident that has most of its tickets; `null` if that has all of them. */
  private continueSuspected(
    burst: Omit<SuspectedBurst, 'incidentId'>,
    incidents: KnownIncidents,
  ): SuspectedBurst | null {
    const counts = new Map<string, number>();
    for (const ticketId of burst.ticketIds) {
      const id = incidents.suspectedIncidentOf(ticketId);
      if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const [incidentId = null, known = 0] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
    return known === burst.ticketIds.length ? null : { ...burst, incidentId };
  }

  /** Whether similar tickets arrive more suddenly than in the last hour; always true in low traffic, where no rate is known. */
  private isSudden(
    newcomer: ObservedTicket,
    similar: readonly ObservedTicket[],
    { vectors }: Reference,
    nowMs: number,
    incidents: KnownIncidents,
  ): boolean {
    // Members of an incident were sudden for a reason of their own.
    const sequence = this.recent
      .sequence(newcomer, nowMs, ({ group }) => group)
      .filter((ticket) => !ticket.wasMember && !incidents.isMember(ticket.ticketId));
    if (this.recent.isLowTraffic(sequence, similar.length, nowMs)) return true;
    const similarity = vectors.centredCosineWith(newcomer.vector);
    const least = Math.min(...similar.map(({ vector }) => similarity(vector)));
    const isSimilar = ({ vector }: ObservedTicket): boolean => similarity(vector) >= least;
    return probabilityOfBurst(sequence, isSimilar, FEWEST_SIMILAR) < this.maximumProbability(false, nowMs);
  }

  private maximumProbability(isLow: boolean, nowMs: number): number {
    if (isLow) return PROBABILITY_AMONG_FEW;
    return (
      this.rules.falseAlarmsPerMonth /
      Math.max(1_000, this.month.ticketsPerMonth(nowMs), this.recent.ticketsPerMonth(nowMs))
    );
  }

  /** Tickets that are similar to a newcomer, if they are more than chance explains. */
  private similarTickets(
    newcomer: ObservedTicket,
    others: readonly ObservedTicket[],
    { vectors: reference, own }: Reference,
    nowMs: number,
  ): ObservedTicket[] | null {
    const similarity = reference.centredCosineWith(newcomer.vector);
    const similarities = others.map((other) => (mayHaveOneCause(other, newcomer) ? similarity(other.vector) : -1));
    const { vectors } = reference;
    const burst = testBurst(
      {
        inWindow: others.length,
        similarInWindow: similarities,
        inReference: vectors.length,
        similarityInReference: (place) => {
          const vector = vectors[place];
          return vector ? similarity(vector) : -1;
        },
        ownInReference: own,
        ticketsAMonth: this.month.ticketsPerMonth(nowMs),
      },
      this.rules,
    );
    return burst && others.filter((_, place) => (similarities[place] ?? -1) > burst.similarity);
  }

  private referenceFor(newcomer: ObservedTicket, nowMs: number, incidents: KnownIncidents): Reference {
    if (nowMs - this.sampledAt >= SAMPLE_EVERY_MS) {
      this.sampledAt = nowMs;
      this.excludeMembers(nowMs, incidents);
      this.references.clear();
    }
    const { group } = newcomer;
    let reference = this.references.get(group);
    if (!reference) this.references.set(group, (reference = this.newReference(group, nowMs)));
    return reference;
  }

  /** Excludes them for good: an incident's members must not count as reference once the incident is forgotten. */
  private excludeMembers(nowMs: number, incidents: KnownIncidents): void {
    this.excludedAt = nowMs;
    const members = this.sample.tickets.flatMap(({ ticketId }) => (incidents.isMember(ticketId) ? [ticketId] : []));
    if (members.length > 0) this.sample.excludeTickets(new Set(members));
    for (const ticket of this.recent.tickets) ticket.wasMember ||= isOrWasMember(ticket, incidents);
  }

  private newReference(group: string, nowMs: number): Reference {
    const own = this.sample.sampleAt(nowMs).filter((ticket) => groupOf(ticket) === group);
    const { model, vectors } = this.seed;
    const seed = own.length < OWN_REFERENCE ? vectors.filter((vector) => groupOf({ model, vector }) === group) : [];
    return { vectors: new ReferenceVectors([...own.map(({ vector }) => vector), ...seed]), own: own.length };
  }
}

/** Whether a ticket is, or was when last looked up, a member of an incident that is not merely suspected. */
function isOrWasMember({ ticketId, wasMember }: ObservedTicket, incidents: KnownIncidents): boolean {
  return wasMember || (incidents.isMember(ticketId) && incidents.suspectedIncidentOf(ticketId) === null);
}

/** The ticket of an entry; `null` without an embedding, and for an embedding of zeros. */
function observedTicket(entry: ArrivedEntry): ObservedTicket | null {
  const { ticket_id, requester, received_ms, at_ms, embedding, failure, identifiers } = entry;
  if (!embedding?.numbers.some((value) => value !== 0)) return null;
  // A copy: the numbers may be a view on a block of many vectors, which would stay in memory.
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
    wasMember: false,
  };
}

/** Equal for vectors that can be compared. */
function groupOf({ model, vector }: Pick<ReferenceTicket, 'model' | 'vector'>): string {
  return `${vector.numbers.length} ${model}`;
}

/** The latest ticket of each requester that may count, in the order of the log; without the newcomer's requester. */
function latestPerRequester(
  window: readonly ObservedTicket[],
  newcomer: ObservedTicket,
  mayCount: (ticket: ObservedTicket) => boolean,
): ObservedTicket[] {
  const seen = new Set(newcomer.requester === null ? [] : [newcomer.requester]);
  const found: ObservedTicket[] = [];
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
