import type { IncidentStatus, StormRules } from '@smart-support/contracts';
import { type TicketVectors, embeddingGroupOf } from './ticket-vectors';
import { MACHINE_SIMILARITY, MOST_FORMER, MOST_SUSPECTED } from '../rules';
import { type Content, reportsFailure } from './one-cause';
import { type MeanVectors, similarityToMean } from './mean-vectors';
import { densestSpan } from '../window/densest-span';

/** A ticket of an incident. */
export interface Member {
  readonly ticketId: string;
  /** Cosine at joining; 1 for a ticket that an operator put there. */
  readonly similarity: number;
  readonly receivedMs: number;
  readonly requester: string | null;
  /** Whether its requester is vouched for. */
  readonly isVouched: boolean;
  /** How probable it is that it reports that something does not work, in [0, 1]. */
  readonly failure: number;
  /** Whether it is not routed as long as the incident holds it. */
  readonly isSuppressed: boolean;
  /** The severe signal for which it is routed all the same: news in its incident, or one that always counts; `null` for none. */
  readonly routedSignal: string | null;
  /** Whether it was decided about elsewhere. */
  readonly isDecided: boolean;
}

/** Since when an incident is held, and by whom it was made. */
export interface Hold {
  /** In milliseconds since 1970. */
  readonly sinceMs: number;
  /** The source of the most requesters then; `null` if none was known. */
  readonly source: string | null;
}

/** What draws tickets to an incident. */
export interface Attraction {
  /** Directions of which one must be near: the founding ticket's and the founders' mean; or the mean alone. */
  readonly towards: readonly MeanVectors[];
  /** A threshold of its own; `null` for those of the rules. */
  readonly similarity: number | null;
  /** Of an incident without any report of a failure: what its founders name, and what others must name; `null` where that does not matter. */
  readonly identifiers: string | null;
}

/** How near a ticket is to an incident. */
export interface IncidentSimilarity {
  readonly similarity: number;
  readonly isDegraded: boolean;
  /** Whether it is near enough to belong there. */
  readonly belongs: boolean;
}

/** One incident, as the log up to now makes it. */
export class Incident {
  status: IncidentStatus;
  /** Counts what changed its status: whoever relied on an earlier one decides again. */
  epoch = 1;
  isDegraded = false;
  /** A suspected one that is held because too few of those who made it are vouched for; `null` for any other. */
  hold: Hold | null = null;
  openedMs: number | null = null;
  closedMs: number | null = null;
  /** A rejected one: the last ticket that would have belonged. */
  lastSimilarMs: number | null = null;
  /** A rejected one: requesters of the members that were known when it was rejected, at most {@link MOST_FORMER}. */
  formerRequesters: ReadonlySet<string> = new Set();
  /** The member that arrived first when it opened; `null` if that has left or is not known: then the record says which member it is. */
  representativeId: string | null = null;
  /**
   * Members whose entries are still known: their number is bounded by the traffic of the window, not by the size of the incident, whose record has all of
   * them. Of a suspected incident those that were named, at most {@link MOST_SUSPECTED}.
   */
  readonly members = new Map<string, Member>();

  constructor(
    readonly id: string,
    status: 'suspected' | 'open',
    readonly title: string | null,
    readonly attraction: Attraction,
    public lastMemberMs: number,
    readonly previousId: string | null,
    /** What at least half of the founders say: no news in a newcomer, however severe. */
    readonly knownSignals: ReadonlySet<string> = new Set(),
    /** Whether subscribers know of it, because it was one incident elsewhere before. */
    readonly isTold = false,
  ) {
    this.status = status;
  }

  /** Distinct requesters of the known members; members without one count as one each. */
  get requesterCount(): number {
    return countRequesters([...this.members.values()]);
  }

  /** Those of them that are vouched for. */
  get vouchedCount(): number {
    return countRequesters([...this.members.values()].filter(({ isVouched }) => isVouched));
  }

  /** The most of them whose tickets arrived within one window of so many milliseconds. */
  vouchedWithin(windowMs: number): number {
    const vouched = [...this.members.values()].filter(({ isVouched }) => isVouched);
    return densestSpan(vouched, null, windowMs).requesters;
  }

  /** Why it is only suspected although it is large enough to open; `null` if that is not so. */
  get held(): 'unverified_requesters' | null {
    return this.status === 'suspected' && this.hold !== null ? 'unverified_requesters' : null;
  }

  /** How probable it is that a known member reports that something does not work, on average; in [0, 1]. */
  get failure(): number {
    let sum = 0;
    for (const { failure } of this.members.values()) sum += failure;
    return this.members.size === 0 ? 0 : sum / this.members.size;
  }

  /**
   * How near a ticket is, by the nearest of the directions.
   * @param group - as `comparableBy` names it, for a caller that has it
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

  /** The cosine above which a ticket belongs here. A threshold of its own was found for embeddings: words keep theirs. */
  thresholdFor(ticket: { readonly isDegraded: boolean; readonly isMachine: boolean }, rules: StormRules): number {
    if (!ticket.isDegraded) return this.attraction.similarity ?? rules.similarity;
    return ticket.isMachine ? Math.max(MACHINE_SIMILARITY, rules.baselineSimilarity) : rules.baselineSimilarity;
  }

  /**
   * Takes in a member; one that was named before more was known of it is replaced. The representative does not change. A suspected incident that is full
   * goes on without the member, as one that still grows.
   */
  join(member: Member, atMs: number): void {
    const isFull = this.status === 'suspected' && this.members.size >= MOST_SUSPECTED;
    if (!isFull || this.members.has(member.ticketId)) this.members.set(member.ticketId, member);
    this.lastMemberMs = Math.max(this.lastMemberMs, atMs);
  }

  /** Removes a member, be it known or not. */
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

  /** Changes its status, which every worker that relies on it will notice. */
  become(status: IncidentStatus, atMs: number): void {
    this.status = status;
    this.epoch += 1;
    this.closedMs = status === 'resolved' || status === 'rejected' ? atMs : null;
    if (status !== 'rejected') return;
    this.lastSimilarMs = atMs;
    this.formerRequesters = latestRequesters(this.members.values());
  }
}

/** The {@link MOST_FORMER} requesters whose first tickets are the latest; in an order that a restored state has, too. */
function latestRequesters(members: Iterable<Member>): Set<string> {
  const firsts = new Map<string, Member>();
  for (const member of members) {
    if (member.requester === null) continue;
    const known = firsts.get(member.requester);
    if (!known || byArrival(member, known) < 0) firsts.set(member.requester, member);
  }
  // Plain numbers first: an incident may have a hundred thousand members.
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
