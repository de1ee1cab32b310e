import type { WebhookDisabledEvent, WebhookDisabledReason, WebhookEndpoint } from '@smart-support/contracts';
import type { DeliveryOutcome } from '../sender/delivery-outcome';

/** What is known of the tries of an endpoint. A plain value, which can be kept anywhere. Moments are milliseconds since 1970. */
export interface EndpointHealth {
  /** The first failure since the last success; left out while there is none. */
  readonly failingSince?: number;
  /** Left out before the first one. */
  readonly lastSuccess?: number;
  /** Why the endpoint is to be switched off; left out while it is not. Stays until the health is reset to `{}`. */
  readonly disabled?: WebhookDisabledReason;
}

/**
 * What is known after one more try. An endpoint is to be switched off by a try: by a failed one that comes `disableAfterMs` or longer after the first
 * failure since the last success, and at once by a 410. So one that nothing is sent to is not switched off. Tries may be given in
 * any order, as several processes report them: a failure before the last success changes nothing.
 * @param at - when the outcome was known, in milliseconds since 1970
 * @param disableAfterMs - `config.webhooks.disableAfterMs`; with 0 only a 410 switches off
 */
export function healthAfterTry(
  health: EndpointHealth,
  outcome: DeliveryOutcome['outcome'],
  at: number,
  disableAfterMs: number,
): EndpointHealth {
  const { failingSince, lastSuccess = -Infinity, disabled } = health;
  if (disabled) return health;
  if (outcome === 'delivered') {
    const isOver = failingSince === undefined || failingSince <= at;
    return { ...(!isOver && { failingSince }), lastSuccess: Math.max(lastSuccess, at) };
  }
  if (outcome === 'failed' && at <= lastSuccess) return health;
  const since = Math.min(failingSince ?? at, at);
  const isLong = disableAfterMs > 0 && at - since >= disableAfterMs;
  const reason = outcome === 'gone' ? 'gone' : isLong ? 'failing' : undefined;
  return { ...health, failingSince: since, ...(reason && { disabled: reason }) };
}

/** The event for the other endpoints; `undefined` while the endpoint is not to be switched off. */
export function webhookDisabledEvent(
  { id, url }: Pick<WebhookEndpoint, 'id' | 'url'>,
  { disabled, failingSince }: EndpointHealth,
  now: number,
): WebhookDisabledEvent | undefined {
  if (!disabled) return undefined;
  return {
    type: 'webhook.disabled',
    timestamp: new Date(now).toISOString(),
    data: {
      endpoint: id,
      host: new URL(url).host,
      since: new Date(failingSince ?? now).toISOString(),
      reason: disabled,
    },
  };
}
