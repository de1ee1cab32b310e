import { SmartSupportError, type IncidentMember } from '@smart-support/contracts';

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
