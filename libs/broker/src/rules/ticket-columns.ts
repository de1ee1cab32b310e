import {
  CATEGORIES,
  TICKET_STATUSES,
  requesterKey,
  type Category,
  type TicketRecord,
  type TicketStatus,
} from '@smart-support/contracts';
import { createHash } from 'node:crypto';

/**
 * The index of tickets: what lists filter and sort by, in columns of a few bytes a ticket, so that any combination of filters is one pass over memory.
 * Tickets have numbers in the order of their acceptance, from 0; {@link BLOCK_SIZE} of them are a block. All bytes are below 128, so that a column is also a text.
 *
 * Agents and requesters stand there as fingerprints: what a column finds has to be checked against the record.
 */
export interface TicketColumns {
  /** {@link DETAILS_WIDTH} bytes a ticket: urgency, lane and `automated`, agent. 0 until it is decided. Empty where it was not asked for. */
  readonly details: Uint8Array;
  /** {@link SECOND_WIDTH} bytes a ticket: the second of its arrival. Empty where it was not asked for. */
  readonly seconds: Uint8Array;
  /** {@link REQUESTER_WIDTH} bytes a ticket: its requester. Empty where it was not asked for. */
  readonly requesters: Uint8Array;
}

/** The column that every search reads. */
export interface TicketStates {
  /** Number of the block: its first ticket has `block * BLOCK_SIZE`. */
  readonly block: number;
  /** A byte a ticket: see {@link stateOf}. 0 where there is no ticket, or none any more. */
  readonly state: Uint8Array;
}

/** Tickets in a block. */
export const BLOCK_SIZE = 4096;
/** Bytes of a ticket in the column of states. */
export const STATE_WIDTH = 1;
/** See {@link TicketColumns}. */
export const DETAILS_WIDTH = 3;
/** See {@link TicketColumns}. */
export const SECOND_WIDTH = 5;
/** See {@link TicketColumns}. */
export const REQUESTER_WIDTH = 4;

/** Bits of a byte below 128. */
const BITS = 7;
const LOW = 0x7f;

const CATEGORY_SHIFT = 1;
const STATUS_SHIFT = 3;

/** The last bit of {@link stateOf}: of a ticket that is decided, whether it needs a review; of any other, whether its lane is `urgent`. */
export const LAST_BIT = 1;

const statusCodes = new Map<string, number>(TICKET_STATUSES.map((status, index) => [status, index + 1]));
const categoryCodes = new Map<string | null, number>(CATEGORIES.map((category, index) => [category, index + 1]));

/** Status, category and {@link LAST_BIT} in one byte above 0. */
export function stateOf({ ticket, explanation }: TicketRecord): number {
  const last = ticket.category === null ? explanation.lane.name === 'urgent' : ticket.needs_review;
  return (
    ((statusCodes.get(ticket.status) ?? 0) << STATUS_SHIFT) |
    ((categoryCodes.get(ticket.category) ?? 0) << CATEGORY_SHIFT) |
    Number(last)
  );
}

/** The status in a byte of {@link stateOf}; `undefined` where there is no ticket. */
export function statusIn(state: number): TicketStatus | undefined {
  return TICKET_STATUSES[(state >> STATUS_SHIFT) - 1];
}

/** The category in a byte of {@link stateOf}; `undefined` until the ticket is decided. */
export function categoryIn(state: number): Category | undefined {
  return CATEGORIES[((state >> CATEGORY_SHIFT) & 3) - 1];
}

/** Steps of the urgency by which tickets are sorted. */
const URGENCY_STEPS = 100;
const LANE_BIT = 0x40;
const AUTOMATED_BIT = 0x20;
const AGENT_HIGH = 0x1f;
/** Fingerprints of agents, from 1: 0 is none. */
const AGENTS = (1 << (BITS + 5)) - 1;

/** Details of a ticket: nothing until it is decided. */
export function detailsOf({ ticket, explanation }: TicketRecord): Uint8Array {
  if (ticket.category === null) return new Uint8Array(DETAILS_WIDTH);
  const agent = agentFingerprint(ticket.assigned_agent);
  return Uint8Array.of(
    1 + Math.floor((ticket.urgency_score ?? 0) * URGENCY_STEPS),
    (explanation.lane.name === 'urgent' ? LANE_BIT : 0) | (ticket.automated ? AUTOMATED_BIT : 0) | (agent >> BITS),
    agent & LOW,
  );
}

/** The step of the urgency in details at this place: 1 to 101, or 0 of a ticket that is not decided. */
export const urgencyStepAt = (details: Uint8Array, at: number): number => details[at * DETAILS_WIDTH] ?? 0;
/** Whether details at this place say that the ticket was in the lane `urgent`. */
export const isUrgentAt = (details: Uint8Array, at: number): boolean =>
  ((details[at * DETAILS_WIDTH + 1] ?? 0) & LANE_BIT) !== 0;
/** Whether details at this place say that a machine wrote the ticket. */
export const isAutomatedAt = (details: Uint8Array, at: number): boolean =>
  ((details[at * DETAILS_WIDTH + 1] ?? 0) & AUTOMATED_BIT) !== 0;
/** The fingerprint of the agent in details at this place; 0 for none. */
export const agentAt = (details: Uint8Array, at: number): number =>
  (((details[at * DETAILS_WIDTH + 1] ?? 0) & AGENT_HIGH) << BITS) | (details[at * DETAILS_WIDTH + 2] ?? 0);

/** A number from 1 to 4,095 for an agent, 0 for none. Redis computes the same, from SHA-1 because its Lua has no other. */
export function agentFingerprint(agentId: string | null): number {
  if (agentId === null) return 0;
  return (createHash('sha1').update(agentId).digest().readUInt32BE() % AGENTS) + 1;
}

/** The bytes of a second, the highest first. */
export function secondBytes(second: number): Uint8Array {
  const bytes = new Uint8Array(SECOND_WIDTH);
  let rest = second;
  for (let at = SECOND_WIDTH - 1; at >= 0; at -= 1) {
    bytes[at] = rest % (LOW + 1);
    rest = Math.floor(rest / (LOW + 1));
  }
  return bytes;
}

/** Four bytes below 128 for a requester, by which `requesterKey` compares; zeros for none. */
export function requesterFingerprint(requester: string | null): Uint8Array {
  const key = requesterKey(requester);
  if (key === null) return new Uint8Array(REQUESTER_WIDTH);
  const bytes = createHash('sha256').update(key).digest().subarray(0, REQUESTER_WIDTH);
  return Uint8Array.from(bytes, (byte, at) => (byte & LOW) | Number(at === 0));
}

/** The second of a moment in milliseconds since 1970. */
export const secondOf = (ms: number): number => Math.max(0, Math.floor(ms / 1000));

/** The second of arrival at this place. */
export function secondAt(seconds: Uint8Array, at: number): number {
  let second = 0;
  for (let index = 0; index < SECOND_WIDTH; index += 1) {
    second = second * (LOW + 1) + (seconds[at * SECOND_WIDTH + index] ?? 0);
  }
  return second;
}

/** Whether the requester at this place has this fingerprint. */
export function isRequesterAt(requesters: Uint8Array, at: number, fingerprint: Uint8Array): boolean {
  return fingerprint.every((byte, index) => requesters[at * REQUESTER_WIDTH + index] === byte);
}
