import type { WebhookEndpoint } from '@smart-support/contracts';
import type { AddressPolicy } from '../sender/address-policy';
import { createWebhookSender, type WebhookSender, type WebhookSenderOptions } from '../sender/webhook-sender';

/** What {@link createEndpointSender} works with. */
export interface EndpointSenderOptions extends Pick<
  WebhookSenderOptions,
  'timeoutMs' | 'userAgent' | 'clock' | 'lookup'
> {
  /** To which addresses connections may be made: whoever may change endpoints must not reach the inside of the network by them. */
  readonly addresses: AddressPolicy;
}

/**
 * Makes the sender of one endpoint. After a change of the endpoint another one is needed.
 * @throws SmartSupportError `invalid_config` for an endpoint that was not checked, or a timeout that cannot be used
 */
export function createEndpointSender(
  { url, secrets, https_only }: Pick<WebhookEndpoint, 'url' | 'secrets' | 'https_only'>,
  options: EndpointSenderOptions,
): WebhookSender {
  return createWebhookSender({ ...options, url, secret: secrets, httpsOnly: https_only });
}
