import type { Logger, Metrics } from '@smart-support/telemetry';
import type { TicketModelsObserver } from '@smart-support/ticket-models';

/** Logs and measures what happens to models. */
export function observeModels(logger: Logger, { models }: Pick<Metrics, 'models'>): Required<TicketModelsObserver> {
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
