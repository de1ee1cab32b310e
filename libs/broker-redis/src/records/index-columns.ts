import { CATEGORIES, type Decision, TICKET_STATUSES, type Ticket, type TicketRecord } from '@smart-support/contracts';
import {
  BLOCK_SIZE,
  DETAILS_WIDTH,
  SECOND_WIDTH,
  STATE_WIDTH,
  REQUESTER_WIDTH,
  requesterFingerprint,
  stateOf,
} from '@smart-support/broker/rules';

const NO_REQUESTER = '\0'.repeat(REQUESTER_WIDTH);

const DETAILS_START = BLOCK_SIZE * STATE_WIDTH;
const SECONDS_START = DETAILS_START + BLOCK_SIZE * DETAILS_WIDTH;
const REQUESTERS_START = SECONDS_START + BLOCK_SIZE * SECOND_WIDTH;

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
  SECOND_WIDTH,
  REQUESTER_WIDTH,
  DETAILS_START,
  SECONDS_START,
  REQUESTERS_START,
  END: REQUESTERS_START + BLOCK_SIZE * REQUESTER_WIDTH,
  STATUS_BITS: Object.fromEntries(TICKET_STATUSES.map((status) => [status, stateWith(status, null)])),
  CATEGORY_BITS: Object.fromEntries(CATEGORIES.map((category) => [category, bitsOf(category)])),
};

/** The bytes of a ticket's requester as text. */
export function requesterField(requester: string | null): string {
  return requester === null ? NO_REQUESTER : Buffer.from(requesterFingerprint(requester)).toString('latin1');
}

/** What the index needs of a decision, which Lua does not open: `r` to be reviewed, `a` written by a machine. */
export function flagsField({ needs_review, automated }: Pick<Decision, 'needs_review' | 'automated'>): string {
  return `${needs_review ? 'r' : ''}${automated ? 'a' : ''}`;
}
