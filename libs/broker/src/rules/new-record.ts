import type { NewTicket, TicketRecord } from '@smart-support/contracts';

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
      urgency_score: null,
      model: null,
      degraded: false,
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
  };
}
