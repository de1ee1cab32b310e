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
import { MOST_LOOKED_AT, doubtReasons, type MemberPlace, memberCursor, incidentTitle } from '../../rules/incidents';
import type { Linked } from './linked-list';
import { type MemberFacts, IncidentMembers, type RecordedMember, placeOf } from './incident-members';

type RecordedChange = IncidentChange & { readonly status: IncidentStatus };

/** After all members. */
const END: MemberPlace = { receivedMs: Infinity, ticketId: '' };

/** The record of one incident: its facts as the log left them, and its members as far as their tickets are known. */
export class IncidentRecord implements Linked<IncidentRecord> {
  list: object | null = null;
  previous: IncidentRecord | null = null;
  next: IncidentRecord | null = null;
  /** How many members the latest event named. */
  announcedSize = 0;
  /** When `incident.updated` was last emitted, in monotonic milliseconds; `null` if never. */
  updatedEventAt: number | null = null;
  /** How many members were handed over to another broker. */
  handedOver = 0;
  /** How it was resolved, if it was, and the main categories at that time. */
  private resolution: { readonly completeDoubtful: boolean; readonly categories: readonly Category[] } | null = null;
  private facts: Omit<RecordedChange, 'joined' | 'left'>;
  private title = '';
  private representative: string;
  private readonly members = new IncidentMembers();
  /** Members before this place are unsettled; `null` if none is. */
  private unsettledBefore: MemberPlace | null = null;

  /** @param number - counts incidents; orders them and is their cursor */
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

  /** The one member that is no duplicate; the last one, if all members have left. */
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
  hasMember(ticketId: string): boolean {
    return this.members.get(ticketId) !== undefined;
  }

  /** Whether a severe signal of a member routes it: it is not suppressed then. */
  hasRoutedSignal(ticketId: string): boolean {
    return (this.members.get(ticketId)?.routed_signal ?? null) !== null;
  }

  /** Takes over the facts of a change, but not its members. */
  update(change: RecordedChange): void {
    this.facts = withoutMembers(change);
    this.representative = change.representative_ticket_id ?? this.representative;
  }

  /** Adds a member; one that is a member already is replaced. */
  addMember({ similarity, routed_signal, doubts = [] }: Omit<Joined, 'ticket_id'>, ticket: Ticket): void {
    const { id, category, urgency_score: urgency, received_at } = ticket;
    const requester = requesterKey(ticket.requester);
    const [receivedMs, facts] = [Date.parse(received_at), { doubts, category, urgency }];
    this.members.put({ ticket_id: id, similarity, received_at, receivedMs, routed_signal, requester, ...facts });
  }

  /** Adds reasons to doubt a member that joined before it was judged. */
  addDoubts(ticketId: string, doubts: readonly JoiningDoubt[]): void {
    const member = this.members.get(ticketId);
    if (!member || doubts.every((doubt) => member.doubts.includes(doubt))) return;
    this.members.change(ticketId, { doubts: [...member.doubts, ...doubts] });
  }

  /** Records how the incident was resolved. Which members are doubtful is fixed from then on. */
  recordResolution(completeDoubtful: boolean): void {
    this.resolution = { completeDoubtful, categories: this.members.mainCategories };
  }

  /** Whether some members have not been settled for the present status yet. */
  get isUnsettled(): boolean {
    return this.unsettledBefore !== null;
  }

  /** Marks all members as unsettled, also those that were settled for an earlier status. */
  unsettle(): void {
    this.unsettledBefore = END;
  }

  /** Takes up to `most` unsettled members, the latest arrivals, in order of arrival. They count as settled from now on. */
  takeUnsettled(most: number): string[] {
    const found = this.unsettledBefore ? this.members.before(this.unsettledBefore, most + 1) : [];
    const due = found.slice(-most);
    this.unsettledBefore = found.length > most && due[0] ? placeOf(due[0]) : null;
    return due.map(({ ticket_id }) => ticket_id);
  }

  /**
   * Whether a member is released when this incident is resolved, instead of completed.
   * @param category - of the member, if its decision is not committed yet
   */
  releasesMember(ticketId: string, category?: Category): boolean {
    const member = this.members.get(ticketId);
    if (this.resolution?.completeDoubtful || !member) return false;
    const { doubts } = member;
    return this.reasonsFor({ doubts, category: category ?? member.category }, this.mainCategories()).length > 0;
  }

  /** Updates category and urgency of a member. */
  noteDecision({ id, category, urgency_score }: Ticket): void {
    const member = this.members.get(id);
    if (member?.category === category && member.urgency === urgency_score) return;
    this.members.change(id, { category, urgency: urgency_score });
  }

  /** Removes a member. */
  removeMember(ticketId: string): void {
    if (this.members.remove(ticketId)) this.ensureRepresentative();
  }

  /** Makes the first arrival the representative, unless the present one is a member. */
  ensureRepresentative(): void {
    if (this.hasMember(this.representative)) return;
    this.representative = this.members.after(null, 1)[0]?.ticket_id ?? this.representative;
  }

  /** How similar a member was to the incident when it joined. */
  similarityOf(ticketId: string): number {
    return this.members.get(ticketId)?.similarity ?? 1;
  }

  /** Takes the title from a ticket. A title that an operator chose has precedence. */
  setTitleFrom(ticket: Ticket): void {
    this.title = incidentTitle(ticket);
  }

  /** Up to `most` members after a place, in order of arrival; from the first for `null`. */
  membersAfter(place: MemberPlace | null, most: number): IncidentMember[] {
    return this.members.after(place, most).map(toListed);
  }

  /** A page of doubtful members after a place, in order of arrival. It may be short or empty although there is another one. */
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
      if (reasons.length > 0) members.push({ ...toListed(member), reasons });
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

  /** The incident as the API answers it. */
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

function toListed({ ticket_id, similarity, received_at }: RecordedMember): IncidentMember {
  return { ticket_id, similarity, received_at };
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
