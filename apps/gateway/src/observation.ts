import type { PipelineObserver } from '@smart-support/pipeline';
import type { Logger, Metrics } from '@smart-support/telemetry';

/** Writes what happens to tickets into the log and the metrics. No ticket text goes into either. */
export function observeWith(logger: Logger, metrics: Metrics): PipelineObserver {
  return {
    stage: (stage, milliseconds) => metrics.observeStage(stage, milliseconds / 1000),
    accepted: ({ ticket }) => metrics.countTicket(null, ticket.status),
    routed: ({ ticket }) => {
      metrics.countTicket(ticket.category, ticket.status);
      const { id, category, urgency_score, status, assigned_agent } = ticket;
      logger.debug({ ticket_id: id, category, urgency_score, status, assigned_agent }, 'ticket routed');
    },
    alert: ({ ticket: { id, category, urgency_score } }) => {
      metrics.countAlert();
      logger.warn({ ticket_id: id, category, urgency_score }, 'ticket.urgent');
    },
    failed: (ticketId, error, outcome) => {
      if (outcome === 'dead') metrics.countTicket(null, 'dead');
      logger.error({ ticket_id: ticketId, outcome, err: error }, 'a ticket could not be worked on');
    },
  };
}
