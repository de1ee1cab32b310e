import {
  CATEGORIES,
  type Category,
  DOUBT_REASONS,
  type DoubtReason,
  type Incident,
  type IncidentEvent,
  type IncidentMember,
  type JoiningDoubt,
  SmartSupportError,
  type Ticket,
} from '@smart-support/contracts';

/** Where a page of members ended. Members are in order of arrival, then of ids. */
export interface MemberPlace {
  /** In milliseconds since 1970. */
  readonly receivedMs: number;
  readonly ticketId: string;
}

/**
 * The number of an incident in a cursor; the page continues with lower numbers.
 * @throws SmartSupportError `invalid_input` for a cursor that no page gave
 */
export function incidentNumber(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw unusableCursor('incidents');
}

/** The cursor of a page that ends with this member. */
export function memberCursor({ received_at, ticket_id }: IncidentMember): string {
  return `${Date.parse(received_at)}:${ticket_id}`;
}

/**
 * The place in a cursor.
 * @throws SmartSupportError `invalid_input` for a cursor that no page gave
 */
export function memberPlace(cursor: string): MemberPlace {
  const [, receivedMs, ticketId] = /^(\d{1,15}):(.{1,128})$/.exec(cursor) ?? [];
  if (receivedMs !== undefined && ticketId !== undefined) return { receivedMs: Number(receivedMs), ticketId };
  throw unusableCursor('members');
}

function unusableCursor(items: string): SmartSupportError {
  return new SmartSupportError('invalid_input', `The cursor is not one that a page of ${items} gave`, {
    issues: [{ path: 'cursor', message: 'must be the next_cursor of a page' }],
  });
}

const MOST_CHARACTERS = 120;

/** The title of an incident without one from an operator: the subject of its representative, else the first line of its text. */
export function incidentTitle({ subject, text }: Pick<Ticket, 'subject' | 'text'>): string {
  const line = (subject ?? '').trim() || (text.trim().split('\n', 1)[0] ?? '').trim();
  const characters = [...line.slice(0, 2 * MOST_CHARACTERS)];
  if (characters.length <= MOST_CHARACTERS) return characters.join('');
  return `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}

/** The error for a ticket that cannot leave its incident as its only member. */
export function onlyMember(incidentId: string, ticketId: string): SmartSupportError {
  const message = `Ticket "${ticketId}" cannot leave incident "${incidentId}", as it is its only member: reject or resolve the incident`;
  return new SmartSupportError('transition_not_allowed', message);
}

/** Most members that one page of doubtful members searches, in memory as on Redis. */
export const MOST_LOOKED_AT = 20_000;

/**
 * The most frequent categories: one, or several with equal counts. The same as `incidents.main_categories` of broker-redis.
 * @param counts - members of each category
 */
export function mainCategories(counts: Partial<Readonly<Record<Category, number>>>): Category[] {
  const most = Math.max(1, ...CATEGORIES.map((category) => counts[category] ?? 0));
  return CATEGORIES.filter((category) => counts[category] === most);
}

/**
 * Why a member is doubtful, in the order of `DOUBT_REASONS`; none if it is not.
 * @param doubts - reasons from its joining on
 * @param hasOtherCategory - whether its category is known, and none of {@link mainCategories}
 */
export function doubtReasons(doubts: readonly JoiningDoubt[], hasOtherCategory: boolean): DoubtReason[] {
  return DOUBT_REASONS.filter((reason) => (reason === 'other_category' ? hasOtherCategory : doubts.includes(reason)));
}

/** Least milliseconds between two `incident.updated` of one incident. */
export const UPDATED_EVERY_MS = 300_000;

/**
 * The id of an event: the same on every try, and never that of anything else.
 * @param members - how many there were, for an incident that has grown: that may happen more than once
 */
export function incidentEventId(type: IncidentEvent['type'], incidentId: string, members?: number): string {
  return members === undefined ? `${type}:${incidentId}` : `${type}:${incidentId}:${members}`;
}

/**
 * The event of an incident, as JSON.
 * @param memberIds - the first of them, at most `MAX_EVENT_MEMBERS`
 * @param timestamp - when it happened, ISO 8601
 */
export function incidentEventBody(
  type: IncidentEvent['type'],
  incident: Incident,
  memberIds: readonly string[],
  timestamp: string,
): string {
  const data = { ...incident, member_ids: memberIds };
  return JSON.stringify({ type, data, timestamp } satisfies IncidentEvent);
}
