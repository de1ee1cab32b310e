import type { Category, IncidentMember, JoiningDoubt } from '@smart-support/contracts';
import { mainCategories } from '../rules/doubtful-members';
import type { MemberPlace } from '../rules/incident-cursors';
import { PriorityQueue } from './priority-queue';

/** A member, and what the incident counts of it, also when the ticket itself is forgotten. */
export interface RecordedMember extends IncidentMember {
  /** `received_at` in milliseconds since 1970. */
  readonly receivedMs: number;
  /** The severe signal for which it is routed all the same: news in its incident, or one that always counts; `null` for none. */
  readonly routed_signal: string | null;
  /** By which requesters are compared. */
  readonly requester: string | null;
  /** What made it doubtful when it joined. */
  doubts: readonly JoiningDoubt[];
  /** `null` until it was understood. */
  category: Category | null;
  urgency: number | null;
}

/** What may become known of a member after it joined. None of it changes its place in the order of arrival. */
export type MemberFacts = Pick<RecordedMember, 'doubts' | 'category' | 'urgency'>;

/**
 * The members of one incident in order of arrival, with the counts that describe it. Both are kept up to date with each change, so that neither a page
 * nor a description takes time for the whole incident.
 */
export class IncidentMembers {
  /** In order of joining. */
  private readonly known = new Map<string, RecordedMember>();
  /** In order of arrival, those of one moment by their ids. Members join nearly in that order, so a new one mostly goes to the end. */
  private readonly inOrder: RecordedMember[] = [];
  private readonly perRequester = new Map<string, number>();
  private anonymous = 0;
  private readonly perCategory = new Map<Category, number>();
  /** Members with doubts, and how many of these each category has. */
  private marked = 0;
  private readonly markedPerCategory = new Map<Category, number>();
  /** The highest first. */
  private readonly urgencies = new PriorityQueue<null>();

  get size(): number {
    return this.known.size;
  }

  /** Ids of all members, in order of joining. A member may leave meanwhile. */
  get ids(): IterableIterator<string> {
    return this.known.keys();
  }

  /** A member, if the ticket is one. */
  get(ticketId: string): RecordedMember | undefined {
    return this.known.get(ticketId);
  }

  /** Takes in a member. One that is a member already is replaced. */
  put(member: RecordedMember): void {
    const former = this.known.get(member.ticket_id);
    if (former) this.takeOut(former);
    this.known.set(member.ticket_id, member);
    const last = this.inOrder.at(-1);
    const isLast = !last || standsBefore(last, placeOf(member));
    this.inOrder.splice(isLast ? this.inOrder.length : this.indexOf(placeOf(member)), 0, member);
    this.count(member, 1);
  }

  /** Notes what became known of a member, if the ticket is one. */
  change(ticketId: string, facts: Partial<MemberFacts>): void {
    const member = this.known.get(ticketId);
    if (!member) return;
    this.countFacts(member, -1);
    Object.assign(member, facts);
    this.countFacts(member, 1);
  }

  /** Removes a member. Returns whether the ticket was one. */
  remove(ticketId: string): boolean {
    const member = this.known.get(ticketId);
    if (!member) return false;
    this.takeOut(member);
    return this.known.delete(ticketId);
  }

  /** Up to `most` members in order of arrival, from the one after a place on; from the first on for `null`. */
  after(place: MemberPlace | null, most: number): RecordedMember[] {
    if (place === null) return this.inOrder.slice(0, most);
    const index = this.indexOf(place);
    const found = this.inOrder[index];
    const isThere = found?.receivedMs === place.receivedMs && found.ticket_id === place.ticketId;
    const from = isThere ? index + 1 : index;
    return this.inOrder.slice(from, from + most);
  }

  /** The last `most` members before a place, in order of arrival. */
  before(place: MemberPlace, most: number): RecordedMember[] {
    const end = this.indexOf(place);
    return this.inOrder.slice(Math.max(0, end - most), end);
  }

  /** How many requesters there are; each member without one counts as one. */
  get requesterCount(): number {
    return this.perRequester.size + this.anonymous;
  }

  /** How many members each category has, as far as they were understood. */
  get categories(): Partial<Record<Category, number>> {
    return Object.fromEntries(this.perCategory);
  }

  /** The categories that most members have: see {@link mainCategories}. */
  get mainCategories(): Category[] {
    return mainCategories(this.categories);
  }

  /** The highest urgency of a member; 0 where none is known. */
  get maxUrgency(): number {
    return Math.max(0, -(this.urgencies.peek()?.key ?? 0));
  }

  /**
   * How many members have a doubt, or another category than most.
   * @param main - the categories that are not doubtful; none for all of them
   */
  doubtfulCount(main: readonly Category[]): number {
    let count = this.marked;
    for (const [category, all] of this.perCategory) {
      if (main.length > 0 && !main.includes(category)) count += all - (this.markedPerCategory.get(category) ?? 0);
    }
    return count;
  }

  private takeOut(member: RecordedMember): void {
    this.inOrder.splice(this.indexOf(placeOf(member)), 1);
    this.count(member, -1);
  }

  /** How many members stand before a place. */
  private indexOf(place: MemberPlace): number {
    let [low, high] = [0, this.inOrder.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const member = this.inOrder[middle];
      if (member && standsBefore(member, place)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private count(member: RecordedMember, by: 1 | -1): void {
    if (member.requester === null) this.anonymous += by;
    else addTo(this.perRequester, member.requester, by);
    this.countFacts(member, by);
  }

  private countFacts({ ticket_id, category, doubts, urgency }: RecordedMember, by: 1 | -1): void {
    const isMarked = doubts.length > 0;
    if (isMarked) this.marked += by;
    if (category) addTo(this.perCategory, category, by);
    if (category && isMarked) addTo(this.markedPerCategory, category, by);
    if (by === -1) this.urgencies.remove(ticket_id);
    else if (urgency !== null) this.urgencies.add(ticket_id, -urgency, null);
  }
}

/** Where a member stands in the order of arrival. */
export function placeOf({ receivedMs, ticket_id: ticketId }: RecordedMember): MemberPlace {
  return { receivedMs, ticketId };
}

function standsBefore(member: RecordedMember, { receivedMs, ticketId }: MemberPlace): boolean {
  return member.receivedMs === receivedMs ? member.ticket_id < ticketId : member.receivedMs < receivedMs;
}

/** Counts up or down. What is down to nothing is not counted any more. */
function addTo<Key>(counts: Map<Key, number>, key: Key, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
