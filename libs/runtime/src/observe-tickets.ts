import type { BrokerObserver } from '@smart-support/contracts';
import type { PipelineObserver } from '@smart-support/pipeline';
import type { Logger, Metrics } from '@smart-support/telemetry';

/** Logs and measures what happens to tickets. No ticket text goes into either. */
export function observeTickets(logger: Logger, metrics: Metrics): Required<BrokerObserver & PipelineObserver> {
  return {
    status: ({ id, category, urgency_score, status, assigned_agent }) => {
      metrics.countTicket(category, status);
      logger.debug({ ticket_id: id, category, urgency_score, status, assigned_agent }, 'ticket status');
      // Also where no work on it failed: its record was corrupt, or its workers vanished.
      if (status === 'dead') logger.error({ ticket_id: id }, 'a ticket is a dead letter now and waits for an operator');
    },
    deadLetterLost: (ticketId) => {
      logger.error({ ticket_id: ticketId }, 'a dead letter was lost: there are more than DEAD_LETTERS_MAX');
    },
    stage: (stage, milliseconds) => metrics.observeStage(stage, milliseconds / 1000),
    fallback: (model, reason, error) => {
      metrics.models.countFallback(model, reason);
      // One line for each ticket would flood the log while a breaker is open; the opening is logged once.
      if (reason === 'failed') logger.error({ model, err: error }, 'a model failed: the baseline answered');
      else logger.debug({ model, reason }, 'the baseline answered');
    },
    alert: ({ ticket: { id, category, urgency_score } }) => {
      metrics.countAlert();
      logger.warn({ ticket_id: id, category, urgency_score }, 'ticket.urgent');
    },
    review: (reason) => metrics.countReview(reason),
    stormExclusion: (rule) => metrics.countStormExclusion(rule),
    failed: (ticketId, error, outcome) => {
      logger.error({ ticket_id: ticketId, outcome, err: error }, 'a ticket could not be worked on');
    },
  };
}
