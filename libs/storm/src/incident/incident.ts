import type { IncidentStatus, StormRules } from '@smart-support/contracts';
import { type TicketVectors, embeddingGroupOf } from '../state/ticket-vectors';
import { MACHINE_SIMILARITY, MOST_FORMER, MOST_SUSPECTED } from '../rules';
import { type Content, reportsFailure } from './one-cause';
import { type MeanVectors, similarityToMean } from './mean-vectors';
import { densestSpan } from '../statistics/densest-span';

/** A ticket of an incident. */
export interface Member {
  readonly ticketId: string;
  /** Cosine at joining; 1 for a ticket that an operator put there. */
  readonly similarity: number;
  readonly receivedMs: number;
  readonly requester: string | null;
  /** Whether its requester is vouched for. */
  readonly isVouched: boolean;
  /** Probability that it reports that something does not work, in [0, 1]. */
  readonly failure: number;
  /** Whether it is not routed while the incident lasts. */
  readonly isSuppressed: boolean;
  /** The novel or always-routed signal for which it is routed; `null` for none. */
  readonly routedSignal: string | null;
  /** Whether another broker has decided about it. */
  readonly isDecided: boolean;
}

/** Since when an incident is held, and who made it. */
export interface Hold {
  /** In milliseconds since 1970. */
  readonly sinceMs: number;
  /** The source with the most requesters then; `null` if none was known. */
  readonly source: string | null;
}

/** What tickets of an incident have in common. */
export interface Attraction {
  /** Directions to one of which a ticket must be similar: that of the ticket that opened it and the founders' mean, or the mean alone. */
  readonly towards: readonly MeanVectors[];
  /** A threshold of its own; `null` for those of the rules. */
  readonly similarity: number | null;
  /** For an incident without reports of a failure: the identifiers that members must name; `null` for any. */
  readonly identifiers: string | null;
}

/** Similarity of a ticket to an incident. */
export interface IncidentSimilarity {
  readonly similarity: number;
  readonly isDegraded: boolean;
  /** Whether it is high enough to belong there. */
  readonly belongs: boolean;
}

/** One incident by the log so far. */
export class Incident {
  status: IncidentStatus;
  /** Counts changes of status: a decision by an earlier epoch has to be made again. */
  epoch = 1;
  isDegraded = false;
  /** Of a suspected incident with too few vouched requesters; `null` for any other. */
  hold: Hold | null = null;
  openedMs: number | null = null;
  closedMs: number | null = null;
  /** Of a rejected incident: time of the last ticket similar to it. */
  lastSimilarMs: number | null = null;
  /** Of a rejected incident: requesters of the members that were known at the rejection, at most {@link MOST_FORMER}. */
  formerRequesters: ReadonlySet<string> = new Set();
  /** The member that arrived first when it opened; `null` if that has left or is not known: then the record determines it. */
  representativeId: string | null = null;
  /**
   * Members whose entries are still known: bounded by the traffic of the window, not by the size of the incident. Its record has all of them. A suspected
   * incident has at most {@link MOST_SUSPECTED}.
   */
  readonly members = new Map<string, Member>();

  constructor(
    readonly id: string,
    status: 'suspected' | 'open',
    readonly title: string | null,
    readonly attraction: Attraction,
    public lastMemberMs: number,
    readonly previousId: string | null,
    /** Severe signals of at least half of the founders: not novel in a newcomer. */
    readonly knownSignals: ReadonlySet<string> = new Set(),
    /** Whether subscribers were notified of it already, as an incident of another broker. */
    readonly isNotified = false,
  ) {
    this.status = status;
  }

  /** Distinct requesters of the known members; members without one count as one each. */
  get requesterCount(): number {
    return countRequesters([...this.members.values()]);
  }

  /** Distinct vouched requesters among them. */
  get vouchedCount(): number {
    return countRequesters([...this.members.values()].filter(({ isVouched }) => isVouched));
  }

  /** Most vouched requesters whose tickets arrived within one window of so many milliseconds. */
  vouchedWithin(windowMs: number): number {
    const vouched = [...this.members.values()].filter(({ isVouched }) => isVouched);
    return densestSpan(vouched, null, windowMs).requesters;
  }

  /** Why it is held; `null` if it is not. */
  get held(): 'unverified_requesters' | null {
    return this.status === 'suspected' && this.hold !== null ? 'unverified_requesters' : null;
  }

  /** Mean probability that a known member reports that something does not work, in [0, 1]. */
  get failure(): number {
    let sum = 0;
    for (const { failure } of this.members.values()) sum += failure;
    return this.members.size === 0 ? 0 : sum / this.members.size;
  }

  /**
   * Similarity of a ticket to the most similar of the directions.
   * @param group - as `embeddingGroupOf` returns it
   */
  similarityTo(
    ticket: TicketVectors & Content & { readonly isMachine: boolean },
    rules: StormRules,
    group: string | null = embeddingGroupOf(ticket),
  ): IncidentSimilarity {
    const { identifiers } = this.attraction;
    const mayBelong = identifiers === null || identifiers === ticket.identifiers || reportsFailure(ticket);
    let best: IncidentSimilarity = { similarity: -1, isDegraded: false, belongs: false };
    for (const direction of this.attraction.towards) {
      const { similarity, isDegraded } = similarityToMean(ticket, direction, group);
      const belongs = mayBelong && similarity > this.thresholdFor({ isDegraded, isMachine: ticket.isMachine }, rules);
      if ((belongs && !best.belongs) || (belongs === best.belongs && similarity > best.similarity)) {
        best = { similarity, isDegraded, belongs };
      }
    }
    return best;
  }

  /** The cosine above which a ticket belongs here. An own threshold applies to embeddings only. */
  thresholdFor(ticket: { readonly isDegraded: boolean; readonly isMachine: boolean }, rules: StormRules): number {
    if (!ticket.isDegraded) return this.attraction.similarity ?? rules.similarity;
    return ticket.isMachine ? Math.max(MACHINE_SIMILARITY, rules.baselineSimilarity) : rules.baselineSimilarity;
  }

  /**
   * Adds or replaces a member. The representative does not change. A suspected incident that is full counts as growing without the member.
   */
  join(member: Member, atMs: number): void {
    const isFull = this.status === 'suspected' && this.members.size >= MOST_SUSPECTED;
    if (!isFull || this.members.has(member.ticketId)) this.members.set(member.ticketId, member);
    this.lastMemberMs = Math.max(this.lastMemberMs, atMs);
  }

  /** Removes a member; an unknown one may be the representative. */
  leave(ticketId: string): void {
    this.members.delete(ticketId);
    if (this.representativeId !== ticketId) return;
    this.representativeId = null;
    // All members of a suspected incident are known.
    if (this.status === 'suspected') this.chooseRepresentative();
  }

  /** The known member that arrived first becomes the representative. */
  chooseRepresentative(): void {
    let first: Member | undefined;
    for (const member of this.members.values()) if (!first || member.receivedMs < first.receivedMs) first = member;
    this.representativeId = first?.ticketId ?? null;
  }

  /** Changes the status and the epoch. */
  become(status: IncidentStatus, atMs: number): void {
    this.status = status;
    this.epoch += 1;
    this.closedMs = status === 'resolved' || status === 'rejected' ? atMs : null;
    if (status !== 'rejected') return;
    this.lastSimilarMs = atMs;
    this.formerRequesters = latestRequesters(this.members.values());
  }
}

/** The {@link MOST_FORMER} requesters whose first tickets are the latest, in an order that does not depend on that of the members. */
function latestRequesters(members: Iterable<Member>): Set<string> {
  const firsts = new Map<string, Member>();
  for (const member of members) {
    if (member.requester === null) continue;
    const known = firsts.get(member.requester);
    if (!known || byArrival(member, known) < 0) firsts.set(member.requester, member);
  }
  // A sort of numbers selects the few to be compared: an incident may have a hundred thousand members.
  const moments = Float64Array.from(firsts.values(), ({ receivedMs }) => receivedMs).sort();
  const earliest = moments.at(-MOST_FORMER) ?? -Infinity;
  const latest = [...firsts.values()].filter(({ receivedMs }) => receivedMs >= earliest).sort(byArrival);
  return new Set(latest.slice(-MOST_FORMER).flatMap(({ requester }) => requester ?? []));
}

function byArrival(a: Member, b: Member): number {
  return a.receivedMs - b.receivedMs || (a.ticketId < b.ticketId ? -1 : 1);
}

function countRequesters(members: readonly Member[]): number {
  return new Set(members.map(({ requester, ticketId }) => requester ?? `: ${ticketId}`)).size;
}
