import type { Category, IncidentMember, JoiningDoubt } from '@smart-support/contracts';
import { mainCategories, type MemberPlace } from '../../rules/incidents';
import { PriorityQueue } from './priority-queue';

/** A member with the facts that the incident counts. It outlives its ticket. */
export interface RecordedMember extends IncidentMember {
  /** `received_at` in milliseconds since 1970. */
  readonly receivedMs: number;
  /** The severe signal for which it is routed: novel in its incident, or always routed; `null` for none. */
  readonly routed_signal: string | null;
  /** See `requesterKey`. */
  readonly requester: string | null;
  /** Reasons to doubt it from its joining on. */
  doubts: readonly JoiningDoubt[];
  /** `null` until it was decided. */
  category: Category | null;
  urgency: number | null;
}

/** Facts of a member that may change after it joined. None of them is part of the order of arrival. */
export type MemberFacts = Pick<RecordedMember, 'doubts' | 'category' | 'urgency'>;

/**
 * The members of one incident in order of arrival, and their counts. Each change updates both, so that neither a page nor a description takes time in
 * proportion to the incident.
 */
export class IncidentMembers {
  /** In order of joining. */
  private readonly known = new Map<string, RecordedMember>();
  /** In order of arrival, then of ids. Members join nearly in that order, so a new one mostly goes to the end. */
  private readonly inOrder: RecordedMember[] = [];
  private readonly perRequester = new Map<string, number>();
  private anonymous = 0;
  private readonly perCategory = new Map<Category, number>();
  /** Members with doubts, in all and by category. */
  private withDoubts = 0;
  private readonly withDoubtsPerCategory = new Map<Category, number>();
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

  /** Adds a member, or replaces it. */
  put(member: RecordedMember): void {
    const former = this.known.get(member.ticket_id);
    if (former) this.takeOut(former);
    this.known.set(member.ticket_id, member);
    const last = this.inOrder.at(-1);
    const isLast = !last || isBefore(last, placeOf(member));
    this.inOrder.splice(isLast ? this.inOrder.length : this.indexOf(placeOf(member)), 0, member);
    this.count(member, 1);
  }

  /** Changes facts of a member, if the ticket is one. */
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

  /** Up to `most` members after a place, in order of arrival; from the first for `null`. */
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

  /** Decided members by category. */
  get categories(): Partial<Record<Category, number>> {
    return Object.fromEntries(this.perCategory);
  }

  /** See {@link mainCategories}. */
  get mainCategories(): Category[] {
    return mainCategories(this.categories);
  }

  /** The highest urgency of a member; 0 if none is known. */
  get maxUrgency(): number {
    return Math.max(0, -(this.urgencies.peek()?.key ?? 0));
  }

  /**
   * How many members have doubts or a category that is not a main one.
   * @param main - the main categories; if empty, no category is doubtful
   */
  doubtfulCount(main: readonly Category[]): number {
    let count = this.withDoubts;
    for (const [category, all] of this.perCategory) {
      if (main.length > 0 && !main.includes(category)) count += all - (this.withDoubtsPerCategory.get(category) ?? 0);
    }
    return count;
  }

  private takeOut(member: RecordedMember): void {
    this.inOrder.splice(this.indexOf(placeOf(member)), 1);
    this.count(member, -1);
  }

  /** How many members come before a place. */
  private indexOf(place: MemberPlace): number {
    let [low, high] = [0, this.inOrder.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const member = this.inOrder[middle];
      if (member && isBefore(member, place)) low = middle + 1;
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
    if (isMarked) this.withDoubts += by;
    if (category) addTo(this.perCategory, category, by);
    if (category && isMarked) addTo(this.withDoubtsPerCategory, category, by);
    if (by === -1) this.urgencies.remove(ticket_id);
    else if (urgency !== null) this.urgencies.insert(ticket_id, -urgency, null);
  }
}

/** A member's place in the order of arrival. */
export function placeOf({ receivedMs, ticket_id: ticketId }: RecordedMember): MemberPlace {
  return { receivedMs, ticketId };
}

function isBefore(member: RecordedMember, { receivedMs, ticketId }: MemberPlace): boolean {
  return member.receivedMs === receivedMs ? member.ticket_id < ticketId : member.receivedMs < receivedMs;
}

/** Changes a count, and drops it at zero. */
function addTo<Key>(counts: Map<Key, number>, key: Key, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
