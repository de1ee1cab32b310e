import type { Config } from '@smart-support/config';
import { type Outbox, systemClock, type TimerClock, type WebhookEndpoint } from '@smart-support/contracts';
import type { Faults } from './fault-injection/faults';
import type { Logger, Metrics } from '@smart-support/telemetry';
import {
  createAddressPolicy,
  createEndpointDeliveries,
  createEndpointSender,
  createWebhookDispatcher,
  createWebhookSender,
  type FaultInjectingSender,
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

/** Id of the endpoint of `WEBHOOK_URL`: none of a file can have it. */
const OWN_ENDPOINT = '~WEBHOOK_URL';

/** What {@link createAlertDelivery} works with. */
export interface AlertDeliveryOptions {
  /** `config.webhooks`. */
  readonly webhooks: Pick<Config['webhooks'], 'url' | 'secret'> &
    Partial<Pick<Config['webhooks'], 'allowPrivate' | 'disableAfterMs'>>;
  /** Those of `WEBHOOKS_FILE`, also if there are none in it: `WEBHOOK_URL` is one of several endpoints then. */
  readonly endpoints?: readonly WebhookEndpoint[] | undefined;
  /** `config.faultInjection`: may inject slow receivers. */
  readonly faultInjection: Config['faultInjection'];
  readonly outbox: Outbox;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'deliveries'>;
  /** The machine's own by default. */
  readonly clock?: TimerClock;
}

/**
 * Creates what delivers events to `WEBHOOK_URL` and to the endpoints of `WEBHOOKS_FILE`. Without any it acknowledges events with a line in the log.
 * It is not started yet.
 * @throws SmartSupportError `invalid_config` for a URL or a secret that cannot be used
 */
export function createAlertDelivery(options: AlertDeliveryOptions): WebhookDispatcher {
  const { webhooks, endpoints, faultInjection, outbox, logger, metrics, clock = systemClock } = options;
  const { url, secret } = webhooks;
  const observer = observeWebhooks(logger, metrics);
  if (url === undefined && !endpoints?.length) {
    const quiet = { ...observer, endpointGone: () => undefined };
    return createWebhookDispatcher({ outbox, sender: discardingSender, observer: quiet, clock });
  }
  const addresses = createAddressPolicy(webhooks.allowPrivate ?? []);
  const senders: FaultInjectingSender[] = [];
  const injectable = (sender: WebhookSender): WebhookSender => {
    senders.push(faultInjectingSender(sender, clock));
    return senders.at(-1) ?? sender;
  };
  // The address of `WEBHOOK_URL` comes from the environment of the process, so it may be any.
  const own =
    url === undefined
      ? undefined
      : injectable(createWebhookSender({ url, clock, ...(secret === undefined ? {} : { secret }) }));
  const dispatcher =
    own && !endpoints
      ? createWebhookDispatcher({ outbox, sender: own, observer, clock })
      : createEndpointDeliveries({
          outbox,
          clock,
          disableAfterMs: webhooks.disableAfterMs ?? 0,
          onError: observer.error,
          onDisabled: (id, { disabled }) =>
            logger.error({ endpoint: id, reason: disabled }, 'a webhook endpoint is switched off until a restart'),
          endpoints: [
            ...(own && url !== undefined
              ? [{ endpoint: { id: OWN_ENDPOINT, url, paused: false }, sender: own, observer }]
              : []),
            ...(endpoints ?? []).map((endpoint) => ({
              endpoint,
              sender: injectable(createEndpointSender(endpoint, { clock, addresses })),
              observer: observeWebhooks(logger.child({ endpoint: endpoint.id }), metrics),
            })),
          ],
        });
  const inject = (fault: Faults['webhook']): void => {
    for (const sender of senders) sender.injectFault(fault ? { delayMs: fault.delay_ms } : null);
  };
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
