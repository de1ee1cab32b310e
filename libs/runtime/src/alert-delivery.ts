import type { Config } from '@smart-support/config';
import { type Outbox, systemClock, type TimerClock } from '@smart-support/contracts';
import type { Faults } from './fault-injection/faults';
import type { Logger, Metrics } from '@smart-support/telemetry';
import {
  createWebhookDispatcher,
  createWebhookSender,
  faultInjectingSender,
  type WebhookDispatcher,
  type WebhookSender,
} from '@smart-support/webhooks';
import { observeWebhooks } from './observe-webhooks';
import { injectFaults } from './fault-injection/inject-faults';

/** Used without a receiver: its answer makes the dispatcher acknowledge events unsent, so that the outbox does not grow. */
const discardingSender: WebhookSender = {
  timeoutMs: 1000,
  send: async () => ({ outcome: 'gone' }),
  close: () => undefined,
};

/** What {@link createAlertDelivery} works with. */
export interface AlertDeliveryOptions {
  /** `config.webhooks`. */
  readonly webhooks: Pick<Config['webhooks'], 'url' | 'secret'>;
  /** `config.faultInjection`: may inject a slow receiver. */
  readonly faultInjection: Config['faultInjection'];
  readonly outbox: Outbox;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'deliveries'>;
  /** The machine's own by default. */
  readonly clock?: TimerClock;
}

/**
 * Creates the dispatcher that delivers every alert to `WEBHOOK_URL`. Without a URL it acknowledges alerts with a line in the log.
 * It is not started yet.
 * @throws SmartSupportError `invalid_config` for a URL or a secret that cannot be used
 */
export function createAlertDelivery(options: AlertDeliveryOptions): WebhookDispatcher {
  const { webhooks, faultInjection, outbox, logger, metrics, clock = systemClock } = options;
  const { url, secret } = webhooks;
  const observer = observeWebhooks(logger, metrics);
  if (url === undefined) {
    const quiet = { ...observer, endpointGone: () => undefined };
    return createWebhookDispatcher({ outbox, sender: discardingSender, observer: quiet, clock });
  }
  // No policy of addresses: the URL comes from the operator's own environment, and its host may be anywhere.
  const sender = faultInjectingSender(
    createWebhookSender({ url, clock, ...(secret === undefined ? {} : { secret }) }),
    clock,
  );
  const dispatcher = createWebhookDispatcher({ outbox, sender, observer, clock });
  const inject = (fault: Faults['webhook']): void => sender.injectFault(fault ? { delayMs: fault.delay_ms } : null);
  const faults = injectFaults(faultInjection, 'webhook', inject, logger, clock);
  return {
    start: () => dispatcher.start(),
    wake: () => dispatcher.wake(),
    stop: async () => {
      // Ends injected delays first, so that they do not prolong the drain.
      faults?.stop();
      await dispatcher.stop();
    },
  };
}
