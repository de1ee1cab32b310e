import {
  type Category,
  type DoubtfulMember,
  type DoubtReason,
  type Incident,
  type IncidentMember,
  type IncidentStatus,
  type JoiningDoubt,
  type Ticket,
  requesterKey,
} from '@smart-support/contracts';
import type { IncidentChange, Joined } from '@smart-support/storm';
import { doubtReasons, mainCategories } from '../storms/doubtful-members';
import type { MemberPlace } from '../storms/incident-cursors';
import { incidentTitle } from '../storms/incident-title';

/** A member, and what the incident counts of it, also when the ticket itself is forgotten. */
interface RecordedMember extends IncidentMember {
  /** The severe signal for which it is routed all the same: news in its incident, or one that always counts; `null` for none. */
  readonly grave: string | null;
  /** What made it doubtful when it joined. */
  readonly doubts: readonly JoiningDoubt[];
  /** By which requesters are compared. */
  readonly requester: string | null;
  /** `null` until it was understood. */
  readonly category: Category | null;
  readonly urgency: number | null;
}

type RecordedChange = IncidentChange & { readonly status: IncidentStatus };

/** What is kept of one incident: how the log left it, and its members as far as their tickets were known. */
export class IncidentRecord {
  /** How many members subscribers know of. */
  toldMembers = 0;
  /** When they were last told that it has grown, in monotonic milliseconds; `null` if never. */
  toldGrownAt: number | null = null;
  /** How many members are another broker's by now. */
  departed = 0;
  /** How it was resolved, if it was, and the categories that most members had then. */
  private resolution: { readonly completeDoubtful: boolean; readonly categories: readonly Category[] } | null = null;
  private facts: Omit<RecordedChange, 'joined' | 'left'>;
  private title = '';
  private representative: string;
  private readonly known = new Map<string, RecordedMember>();
  /** The members in order, until there is another one. */
  private ordered: readonly RecordedMember[] | null = null;

  /** @param number - counts incidents: orders them and serves as their cursor */
  constructor(
    readonly number: number,
    change: RecordedChange,
  ) {
    this.facts = withoutMembers(change);
    this.representative = change.representative_ticket_id ?? '';
  }

  get id(): string {
    return this.facts.incident_id;
  }

  get status(): IncidentStatus {
    return this.facts.status;
  }

  get epoch(): number {
    return this.facts.epoch;
  }

  get closedMs(): number | null {
    return this.facts.closed_ms;
  }

  /** The one member that is no duplicate; of an incident whose members have all left, the last that was. */
  get representativeId(): string {
    return this.representative;
  }

  get size(): number {
    return this.known.size;
  }

  /** Ids of the members, in the order of their joining. */
  get memberIds(): string[] {
    return [...this.known.keys()];
  }

  /** Whether a ticket is a member. */
  has(ticketId: string): boolean {
    return this.known.has(ticketId);
  }

  /** Whether a member says something that the others did not: it is not suppressed. */
  isGrave(ticketId: string): boolean {
    return (this.known.get(ticketId)?.grave ?? null) !== null;
  }

  /** Stands as a change left it from now on. Members join and leave for themselves. */
  become(change: RecordedChange): void {
    this.facts = withoutMembers(change);
    this.representative = change.representative_ticket_id ?? this.representative;
  }

  /** Takes in a member, once. */
  join({ similarity, grave, doubts = [] }: Omit<Joined, 'ticket_id'>, ticket: Ticket): void {
    const { id, category, urgency_score: urgency, received_at } = ticket;
    const requester = requesterKey(ticket.requester);
    this.known.set(id, { ticket_id: id, similarity, received_at, grave, doubts, requester, category, urgency });
    this.ordered = null;
  }

  /** A member that was named before it was understood is doubtful for these reasons, too. */
  addDoubts(ticketId: string, doubts: readonly JoiningDoubt[]): void {
    const member = this.known.get(ticketId);
    if (!member || doubts.every((doubt) => member.doubts.includes(doubt))) return;
    this.known.set(ticketId, { ...member, doubts: [...member.doubts, ...doubts] });
    this.ordered = null;
  }

  /** How it is about to be resolved. What is doubtful then is doubtful from then on. */
  resolveBy(completeDoubtful: boolean): void {
    this.resolution = { completeDoubtful, categories: mainCategories(countCategories([...this.known.values()])) };
  }

  /**
   * Whether a member is queued again as this incident is resolved, instead of being completed.
   * @param category - of the member, if it is decided about just now
   */
  releases(ticketId: string, category?: Category): boolean {
    const member = this.known.get(ticketId);
    if (this.resolution?.completeDoubtful || !member) return false;
    return this.reasonsFor({ ...member, category: category ?? member.category }, this.mainCategories()).length > 0;
  }

  /** A member was understood, or understood anew. */
  note({ id, category, urgency_score }: Ticket): void {
    const member = this.known.get(id);
    if (!member) return;
    this.known.set(id, { ...member, category, urgency: urgency_score });
    this.ordered = null;
  }

  /** Removes a member. */
  leave(ticketId: string): void {
    if (!this.known.delete(ticketId)) return;
    this.ordered = null;
    this.ensureRepresentative();
  }

  /** The member that arrived first becomes the representative, unless a member is. */
  ensureRepresentative(): void {
    if (this.known.has(this.representative)) return;
    this.representative = this.membersAfter(null, 1)[0]?.ticket_id ?? this.representative;
  }

  /** How similar a member was to the incident when it joined. */
  similarityOf(ticketId: string): number {
    return this.known.get(ticketId)?.similarity ?? 1;
  }

  /** Named after this ticket for good, unless an operator chose the name. */
  nameAfter(ticket: Ticket): void {
    this.title = incidentTitle(ticket);
  }

  /** Up to `most` members in order of arrival, from the one after a place on. */
  membersAfter(place: MemberPlace | null, most: number): IncidentMember[] {
    this.ordered ??= [...this.known.values()].sort(byArrival);
    const from = place === null ? 0 : this.ordered.findIndex((member) => comesAfter(member, place));
    const page = from < 0 ? [] : this.ordered.slice(from, from + most);
    return page.map(({ ticket_id, similarity, received_at }) => ({ ticket_id, similarity, received_at }));
  }

  /** Up to `most` doubtful members in order of arrival, from the one after a place on. */
  doubtfulAfter(place: MemberPlace | null, most: number): DoubtfulMember[] {
    const main = this.mainCategories();
    const found: DoubtfulMember[] = [];
    for (const one of this.membersAfter(place, this.size)) {
      const member = this.known.get(one.ticket_id);
      const reasons = member ? this.reasonsFor(member, main) : [];
      if (reasons.length > 0) found.push({ ...one, reasons });
      if (found.length === most) break;
    }
    return found;
  }

  private mainCategories(): readonly Category[] {
    const { categories = [] } = this.resolution ?? {};
    return categories.length > 0 ? categories : mainCategories(countCategories([...this.known.values()]));
  }

  private reasonsFor(
    { doubts, category }: Pick<RecordedMember, 'doubts' | 'category'>,
    main: readonly Category[],
  ): DoubtReason[] {
    return doubtReasons(doubts, category !== null && main.length > 0 && !main.includes(category));
  }

  /** The incident as clients see it. */
  describe(): Incident {
    const { id, status, representative: representative_ticket_id } = this;
    const { title, degraded, held, opened_ms, last_member_ms, closed_ms, previous_incident_id } = this.facts;
    const members = [...this.known.values()];
    const requesters = new Set(members.flatMap(({ requester }) => requester ?? []));
    const main = this.mainCategories();
    const count = members.filter((member) => this.reasonsFor(member, main).length > 0).length;
    const completed = status === 'resolved' ? (this.resolution?.completeDoubtful ?? false) : null;
    const anonymous = members.filter(({ requester }) => requester === null).length;
    return {
      id,
      status,
      title: title ?? this.title,
      representative_ticket_id,
      member_count: members.length,
      requester_count: requesters.size + anonymous,
      degraded,
      held,
      doubtful_members: { count, completed },
      categories: countCategories(members),
      max_urgency: members.reduce((most, { urgency }) => Math.max(most, urgency ?? 0), 0),
      opened_at: isoOrNull(opened_ms),
      last_member_at: new Date(last_member_ms).toISOString(),
      closed_at: isoOrNull(closed_ms),
      previous_incident_id,
    };
  }
}

function withoutMembers({
  joined: _joined,
  left: _left,
  ...facts
}: RecordedChange): Omit<RecordedChange, 'joined' | 'left'> {
  return facts;
}

function countCategories(members: readonly RecordedMember[]): Incident['categories'] {
  const counts: Incident['categories'] = {};
  for (const { category } of members) if (category) counts[category] = (counts[category] ?? 0) + 1;
  return counts;
}

function byArrival(a: IncidentMember, b: IncidentMember): number {
  return comesAfter(a, { receivedMs: Date.parse(b.received_at), ticketId: b.ticket_id }) ? 1 : -1;
}

function comesAfter({ received_at, ticket_id }: IncidentMember, { receivedMs, ticketId }: MemberPlace): boolean {
  const difference = Date.parse(received_at) - receivedMs;
  return difference === 0 ? ticket_id > ticketId : difference > 0;
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
