import type { BrokerObserver } from '@smart-support/contracts';
import type { PipelineObserver } from '@smart-support/pipeline';
import type { Logger, Metrics } from '@smart-support/telemetry';
import type { TicketModelsObserver } from '@smart-support/ticket-models';

/** Writes what happens to tickets into the log and the metrics. No ticket text goes into either. */
export function observeWith(logger: Logger, metrics: Metrics): BrokerObserver & PipelineObserver {
  return {
    status: ({ id, category, urgency_score, status, assigned_agent }) => {
      metrics.countTicket(category, status);
      logger.debug({ ticket_id: id, category, urgency_score, status, assigned_agent }, 'ticket status');
    },
    deadLetterLost: (ticketId) => {
      logger.error({ ticket_id: ticketId }, 'a dead letter was lost: there are more than DEAD_LETTERS_MAX');
    },
    stage: (stage, milliseconds) => metrics.observeStage(stage, milliseconds / 1000),
    fallback: (model, reason, error) => {
      metrics.models.countFallback(model, reason);
      // One line for each ticket would drown the log while a breaker is open; what opened it is told once.
      if (reason === 'failed') logger.error({ model, err: error }, 'a model failed: the baseline answered');
      else logger.debug({ model, reason }, 'the baseline answered');
    },
    alert: ({ ticket: { id, category, urgency_score } }) => {
      metrics.countAlert();
      logger.warn({ ticket_id: id, category, urgency_score }, 'ticket.urgent');
    },
    failed: (ticketId, error, outcome) => {
      logger.error({ ticket_id: ticketId, outcome, err: error }, 'a ticket could not be worked on');
    },
  };
}

/** Writes what happens to models into the log and the metrics. */
export function observeModels(logger: Logger, { models }: Metrics): TicketModelsObserver {
  return {
    onBreakerEvent: (event) => {
      const { type, name: model } = event;
      if (type === 'judged') {
        models.observeRun(model, event.verdict, event.latencyMs === null ? null : event.latencyMs / 1000);
        return;
      }
      models.countChange(model, type);
      if (type === 'opened') {
        const { why, slowInARow } = event;
        logger.warn({ model, ...why, slow_in_a_row: slowInARow }, 'breaker opened: the baseline answers');
      } else {
        logger.warn({ model, open_ms: event.openForMs }, 'breaker closed: the model answers again');
      }
    },
    onThreadEvent: (model, event) => {
      if (event.type === 'thread_replaced') logger.warn({ model }, 'a model thread was replaced');
      else if (event.type === 'thread_lost')
        logger.error({ model, reason: event.reason, err: event.error }, 'a model thread was lost');
      else logger.error({ model, err: event.error }, 'a model thread could not be started; it is tried again');
    },
  };
}
