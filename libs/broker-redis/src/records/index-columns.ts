import { CATEGORIES, type Decision, TICKET_STATUSES, type Ticket, type TicketRecord } from '@smart-support/contracts';
import {
  BLOCK_SIZE,
  DETAILS_WIDTH,
  ORIGIN_WIDTH,
  STATE_WIDTH,
  REQUESTER_WIDTH,
  originOf,
  requesterFingerprint,
  stateOf,
} from '@smart-support/broker/rules';

const NO_REQUESTER = '\0'.repeat(REQUESTER_WIDTH);

const DETAILS_START = BLOCK_SIZE * STATE_WIDTH;
const ORIGIN_START = DETAILS_START + BLOCK_SIZE * DETAILS_WIDTH;

/** The state of a ticket whose last bit is 0. */
function stateWith(status: Ticket['status'], category: Ticket['category']): number {
  const part = { ticket: { status, category, needs_review: false }, explanation: { lane: { name: 'normal' } } };
  return stateOf(part as TicketRecord);
}

const [anyStatus] = TICKET_STATUSES;
const bitsOf = (category: Ticket['category']): number => stateWith(anyStatus, category) - stateWith(anyStatus, null);

/** The layout of the index of tickets for Lua: a block has one column after the other. */
export const COLUMNS_FOR_LUA = {
  BLOCK_SIZE,
  DETAILS_WIDTH,
  ORIGIN_WIDTH,
  REQUESTER_WIDTH,
  DETAILS_START,
  ORIGIN_START,
  END: ORIGIN_START + BLOCK_SIZE * ORIGIN_WIDTH,
  STATUS_BITS: Object.fromEntries(TICKET_STATUSES.map((status) => [status, stateWith(status, null)])),
  CATEGORY_BITS: Object.fromEntries(CATEGORIES.map((category) => [category, bitsOf(category)])),
};

/** The bytes of a ticket's origin as text. */
export function originField(ticket: Parameters<typeof originOf>[0]): string {
  return Buffer.from(originOf(ticket)).toString('latin1');
}

/** The bytes of its requester, which Lua puts behind the second of its arrival. */
export function requesterField(requester: string | null): string {
  return requester === null ? NO_REQUESTER : Buffer.from(requesterFingerprint(requester)).toString('latin1');
}

/** What the index needs of a decision, which Lua does not open: `r` to be reviewed, `a` written by a machine. */
export function flagsField({ needs_review, automated }: Pick<Decision, 'needs_review' | 'automated'>): string {
  return `${needs_review ? 'r' : ''}${automated ? 'a' : ''}`;
}
