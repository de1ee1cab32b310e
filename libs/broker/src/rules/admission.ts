import type { BrokerOptions, NewTicket, TicketRecord } from '@smart-support/contracts';
import { createHash } from 'node:crypto';

/** The key of a new ticket beside its id: at most one of the two. */
export interface OfferNames {
  readonly idempotencyKey: string | null;
  readonly duplicateKey: string | null;
}

/**
 * The key that identifies repeats: an id of the client's has precedence over its `Idempotency-Key`, and either over the duplicate key.
 * @param duplicateMs - see `BrokerOptions`
 */
export function namesOf({ input, idempotency_key, duplicate_key }: NewTicket, duplicateMs: number): OfferNames {
  if ((input.id ?? null) !== null) return { idempotencyKey: null, duplicateKey: null };
  if (idempotency_key !== undefined) return { idempotencyKey: idempotency_key, duplicateKey: null };
  return { idempotencyKey: null, duplicateKey: duplicateMs > 0 ? (duplicate_key ?? null) : null };
}

/** Of 96 bits: two of a million requesters have the same one with a probability of 1 in 10^17. */
const BYTES = 12;

/**
 * Identifies a requester in the storm log: of fixed length, and without the address itself.
 * @param key - as `requesterKey` gives it
 */
export function requesterHash(key: string): string {
  return createHash('sha256').update(key).digest().subarray(0, BYTES).toString('base64url');
}

/**
 * The record of a ticket that was just accepted: queued, and nothing known but its lane.
 * @param receivedAt - the broker's own time, ISO 8601
 */
export function newRecord({ id, input, lane, lane_urgency, source }: NewTicket, receivedAt: string): TicketRecord {
  return {
    ticket: {
      id,
      text: input.text,
      subject: input.subject ?? null,
      requester: input.requester?.trim() || null,
      status: 'queued',
      category: null,
      confidence: null,
      needs_review: false,
      review_reasons: [],
      urgency_score: null,
      model: null,
      degraded: false,
      language: null,
      automated: false,
      is_duplicate: false,
      master_incident_id: null,
      assigned_agent: null,
      received_at: receivedAt,
      reported_at: input.reported_at ?? null,
      completed_at: null,
      resolution: null,
      attempts: 0,
    },
    explanation: {
      ticket_id: id,
      lane: { name: lane, urgency_score: lane_urgency },
      category: null,
      urgency: null,
      breaker: { state: 'closed', reason: null },
      models: [],
      truncated: false,
      incident: null,
      storm_exclusion: null,
      assignment: null,
      corrections: null,
      timings: {},
    },
    channel: input.channel ?? null,
    metadata: input.metadata ? { ...input.metadata } : null,
    source: source ?? null,
    history: [],
  };
}

/** Most unfinished tickets of one trust domain; at least one. */
export function mostOfDomain({ queueMax, queueShare = 1 }: Pick<BrokerOptions, 'queueMax' | 'queueShare'>): number {
  return Math.max(1, Math.floor(queueMax * queueShare));
}
