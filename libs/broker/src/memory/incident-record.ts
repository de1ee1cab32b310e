import {
  type Category,
  type DoubtfulMember,
  type DoubtReason,
  type Incident,
  type IncidentMember,
  type IncidentStatus,
  type JoiningDoubt,
  PAGE_SIZE,
  type Ticket,
  requesterKey,
} from '@smart-support/contracts';
import type { IncidentChange, Joined } from '@smart-support/storm';
import { MOST_LOOKED_AT, doubtReasons } from '../rules/doubtful-members';
import { type MemberPlace, memberCursor } from '../rules/incident-cursors';
import { incidentTitle } from '../rules/incident-title';
import { type MemberFacts, IncidentMembers, type RecordedMember, placeOf } from './incident-members';

type RecordedChange = IncidentChange & { readonly status: IncidentStatus };

/** Behind all members. */
const END: MemberPlace = { receivedMs: Infinity, ticketId: '' };

/** What is kept of one incident: how the log left it, and its members as far as their tickets were known. */
export class IncidentRecord {
  /** How many members subscribers know of. */
  toldMembers = 0;
  /** When they were last told that it has grown, in monotonic milliseconds; `null` if never. */
  updatedEventAt: number | null = null;
  /** How many members are another broker's by now. */
  departed = 0;
  /** How it was resolved, if it was, and the categories that most members had then. */
  private resolution: { readonly completeDoubtful: boolean; readonly categories: readonly Category[] } | null = null;
  private facts: Omit<RecordedChange, 'joined' | 'left'>;
  private title = '';
  private representative: string;
  private readonly members = new IncidentMembers();
  /** The members before this place are still to be settled; `null` if all are. */
  private unsettledBefore: MemberPlace | null = null;

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
    return this.members.size;
  }

  /** Ids of the members, in the order of their joining. */
  get memberIds(): IterableIterator<string> {
    return this.members.ids;
  }

  /** Whether a ticket is a member. */
  has(ticketId: string): boolean {
    return this.members.get(ticketId) !== undefined;
  }

  /** Whether a member says something that the others did not: it is not suppressed. */
  hasRoutedSignal(ticketId: string): boolean {
    return (this.members.get(ticketId)?.routed_signal ?? null) !== null;
  }

  /** Stands as a change left it from now on. Members join and leave for themselves. */
  become(change: RecordedChange): void {
    this.facts = withoutMembers(change);
    this.representative = change.representative_ticket_id ?? this.representative;
  }

  /** Takes in a member, once. */
  join({ similarity, routed_signal, doubts = [] }: Omit<Joined, 'ticket_id'>, ticket: Ticket): void {
    const { id, category, urgency_score: urgency, received_at } = ticket;
    const requester = requesterKey(ticket.requester);
    const [receivedMs, facts] = [Date.parse(received_at), { doubts, category, urgency }];
    this.members.put({ ticket_id: id, similarity, received_at, receivedMs, routed_signal, requester, ...facts });
  }

  /** A member that was named before it was understood is doubtful for these reasons, too. */
  addDoubts(ticketId: string, doubts: readonly JoiningDoubt[]): void {
    const member = this.members.get(ticketId);
    if (!member || doubts.every((doubt) => member.doubts.includes(doubt))) return;
    this.members.change(ticketId, { doubts: [...member.doubts, ...doubts] });
  }

  /** How it was resolved just now. What is doubtful then is doubtful from then on. */
  resolveBy(completeDoubtful: boolean): void {
    this.resolution = { completeDoubtful, categories: this.members.mainCategories };
  }

  /** Whether members are still to be settled: what its status asks for is not done with all of them yet. */
  get isUnsettled(): boolean {
    return this.unsettledBefore !== null;
  }

  /** All members are to be settled, also those that were settled for an earlier status. */
  unsettle(): void {
    this.unsettledBefore = END;
  }

  /** Up to `most` members that are still to be settled, the latest arrivals, in order of arrival. They count as settled from now on. */
  takeUnsettled(most: number): string[] {
    const found = this.unsettledBefore ? this.members.before(this.unsettledBefore, most + 1) : [];
    const due = found.slice(-most);
    this.unsettledBefore = found.length > most && due[0] ? placeOf(due[0]) : null;
    return due.map(({ ticket_id }) => ticket_id);
  }

  /**
   * Whether a member is queued again as this incident is resolved, instead of being completed.
   * @param category - of the member, if it is decided about just now
   */
  releases(ticketId: string, category?: Category): boolean {
    const member = this.members.get(ticketId);
    if (this.resolution?.completeDoubtful || !member) return false;
    const { doubts } = member;
    return this.reasonsFor({ doubts, category: category ?? member.category }, this.mainCategories()).length > 0;
  }

  /** A member was understood, or understood anew. */
  note({ id, category, urgency_score }: Ticket): void {
    const member = this.members.get(id);
    if (member?.category === category && member.urgency === urgency_score) return;
    this.members.change(id, { category, urgency: urgency_score });
  }

  /** Removes a member. */
  leave(ticketId: string): void {
    if (this.members.remove(ticketId)) this.ensureRepresentative();
  }

  /** The member that arrived first becomes the representative, unless a member is. */
  ensureRepresentative(): void {
    if (this.has(this.representative)) return;
    this.representative = this.members.after(null, 1)[0]?.ticket_id ?? this.representative;
  }

  /** How similar a member was to the incident when it joined. */
  similarityOf(ticketId: string): number {
    return this.members.get(ticketId)?.similarity ?? 1;
  }

  /** Named after this ticket for good, unless an operator chose the name. */
  nameAfter(ticket: Ticket): void {
    this.title = incidentTitle(ticket);
  }

  /** Up to `most` members in order of arrival, from the one after a place on. */
  membersAfter(place: MemberPlace | null, most: number): IncidentMember[] {
    return this.members.after(place, most).map(listed);
  }

  /** A page of doubtful members in order of arrival, from the one after a place on. It may be short, or empty, before the last page. */
  doubtfulAfter(place: MemberPlace | null): {
    readonly members: DoubtfulMember[];
    readonly next_cursor: string | null;
  } {
    const main = this.mainCategories();
    const looked = this.members.after(place, MOST_LOOKED_AT + 1);
    const next = looked.length > MOST_LOOKED_AT ? looked.at(-2) : undefined;
    const members: DoubtfulMember[] = [];
    for (const member of looked.slice(0, MOST_LOOKED_AT)) {
      const reasons = this.reasonsFor(member, main);
      const last = members.at(-1);
      if (reasons.length > 0 && last && members.length === PAGE_SIZE)
        return { members, next_cursor: memberCursor(last) };
      if (reasons.length > 0) members.push({ ...listed(member), reasons });
    }
    return { members, next_cursor: next ? memberCursor(next) : null };
  }

  /** The categories that are not doubtful. */
  private mainCategories(): readonly Category[] {
    const { categories = [] } = this.resolution ?? {};
    return categories.length > 0 ? categories : this.members.mainCategories;
  }

  private reasonsFor(
    { doubts, category }: Pick<MemberFacts, 'doubts' | 'category'>,
    main: readonly Category[],
  ): DoubtReason[] {
    return doubtReasons(doubts, category !== null && main.length > 0 && !main.includes(category));
  }

  /** The incident as clients see it. */
  describe(): Incident {
    const { id, status, representative: representative_ticket_id } = this;
    const { title, degraded, held, opened_ms, last_member_ms, closed_ms, previous_incident_id } = this.facts;
    const { size, requesterCount, categories, maxUrgency } = this.members;
    const count = this.members.doubtfulCount(this.mainCategories());
    const completed = status === 'resolved' ? (this.resolution?.completeDoubtful ?? false) : null;
    return {
      id,
      status,
      title: title ?? this.title,
      representative_ticket_id,
      member_count: size,
      requester_count: requesterCount,
      degraded,
      held,
      doubtful_members: { count, completed },
      categories,
      max_urgency: maxUrgency,
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

function listed({ ticket_id, similarity, received_at }: RecordedMember): IncidentMember {
  return { ticket_id, similarity, received_at };
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
