import { isStoreAwayOrClosed } from '@smart-support/contracts';
import type { Logger, Metrics } from '@smart-support/telemetry';
import type { WebhookObserver } from '@smart-support/webhooks';

/** Logs and measures the delivery of events. Neither the URL nor a ticket's text goes into either. */
export function observeWebhooks(
  logger: Logger,
  { deliveries }: Pick<Metrics, 'deliveries'>,
): Required<WebhookObserver> {
  return {
    delivered: ({ id, attempt, tookMs }) => {
      deliveries.countDelivery('delivered');
      logger.debug({ event_id: id, attempt, took_ms: tookMs }, 'webhook delivered');
    },
    retryScheduled: ({ id, attempt }, { reason, message }, delayMs) => {
      deliveries.countDelivery('put_off');
      logger.warn({ event_id: id, attempt, reason, detail: message, retry_in_ms: delayMs }, 'webhook failed');
    },
    givenUp: ({ id, attempt }, { reason, message }) => {
      deliveries.countDelivery('given_up');
      logger.error({ event_id: id, attempt, reason, detail: message }, 'webhook given up: the last try failed');
    },
    endpointGone: ({ id }) => {
      logger.error({ event_id: id }, 'the webhook receiver wants no more (410): nothing is sent until a restart');
    },
    recordedOnly: ({ id }) => {
      deliveries.countDelivery('recorded_only');
      logger.info({ event_id: id }, 'alert recorded only: no receiver');
    },
    error: (error) => {
      // Not logged for each failing call: `StoreAvailabilityLog` logs an outage once.
      if (!isStoreAwayOrClosed(error)) logger.error({ err: error }, 'the outbox could not be worked');
    },
  };
}
