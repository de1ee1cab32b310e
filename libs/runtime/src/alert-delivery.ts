import type { Config } from '@smart-support/config';
import { type Outbox, systemClock, type TimerClock } from '@smart-support/contracts';
import type { Faults } from './fault-injection/faults';
import type { Logger, Metrics } from '@smart-support/telemetry';
import {
  createWebhookDispatcher,
  createWebhookSender,
  rehearsingSender,
  type WebhookDispatcher,
  type WebhookSender,
} from '@smart-support/webhooks';
import { observeWebhooks } from './observe-webhooks';
import { injectFaults } from './fault-injection/inject-faults';

/** Stands in where no receiver is named: its answer makes the dispatcher settle events unsent, so that the outbox does not grow. */
const NOBODY: WebhookSender = {
  timeoutMs: 1000,
  send: async () => ({ outcome: 'gone' }),
  close: () => undefined,
};

/** What {@link createAlertDelivery} works with. */
export interface AlertDeliveryOptions {
  /** `config.webhooks`. */
  readonly webhooks: Config['webhooks'];
  /** `config.faultInjection`: a slow receiver may be rehearsed. */
  readonly faultInjection: Config['faultInjection'];
  readonly outbox: Outbox;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'deliveries'>;
  /** The machine's own by default. */
  readonly clock?: TimerClock;
}

/**
 * Makes the dispatcher that tells the receiver at `WEBHOOK_URL` of every alert. Where none is named, it settles alerts with a line
 * in the log. It does not work before it is started.
 * @throws SmartSupportError `invalid_config` for a URL or a secret that cannot be used
 */
export function createAlertDelivery(options: AlertDeliveryOptions): WebhookDispatcher {
  const { webhooks, faultInjection, outbox, logger, metrics, clock = systemClock } = options;
  const { url, secret } = webhooks;
  const observer = observeWebhooks(logger, metrics);
  if (url === undefined) {
    const quiet = { ...observer, endpointGone: () => undefined };
    return createWebhookDispatcher({ outbox, sender: NOBODY, observer: quiet, clock });
  }
  const sender = rehearsingSender(
    createWebhookSender({ url, clock, ...(secret === undefined ? {} : { secret }) }),
    clock,
  );
  const dispatcher = createWebhookDispatcher({ outbox, sender, observer, clock });
  const rehearse = (fault: Faults['webhook']): void => sender.rehearse(fault ? { delayMs: fault.delay_ms } : null);
  const rehearsal = injectFaults(faultInjection, 'webhook', rehearse, logger, clock);
  return {
    start: () => dispatcher.start(),
    wake: () => dispatcher.wake(),
    stop: async () => {
      // Whatever is on its way then is not held up any longer than it is already.
      rehearsal?.stop();
      await dispatcher.stop();
    },
  };
}
