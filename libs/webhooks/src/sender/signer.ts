import { SmartSupportError, webhookSecretKey } from '@smart-support/contracts';
import { Webhook } from 'standardwebhooks';

/** Signs one try: the value of `webhook-signature`. */
export type Signer = (id: string, time: Date, body: string) => string;

/** Base64 in whole groups of four. The signing package is more lenient and would ignore what is too much at the end. */
const BASE64 = /^(?:[A-Z0-9+/]{4})*(?:[A-Z0-9+/]{2}==|[A-Z0-9+/]{3}=)?$/i;

/**
 * A signer after Standard Webhooks: `v1,` and the HMAC-SHA256 of id, time and body. With several secrets, one signature for each in their
 * order, with a space between them: a receiver that knows one of the secrets accepts the event.
 * @param secrets - base64, with or without `whsec_` in front
 * @throws SmartSupportError `invalid_config`, which does not quote the secret
 */
export function createSigner(...secrets: readonly [string, ...string[]]): Signer {
  const webhooks = secrets.map((secret) => {
    const key = webhookSecretKey(secret);
    if (key !== '' && BASE64.test(key)) return new Webhook(key);
    throw new SmartSupportError(
      'invalid_config',
      'The webhook secret must be base64 (padded, not URL-safe), with or without whsec_ in front.',
    );
  });
  return (id, time, body) => webhooks.map((webhook) => webhook.sign(id, time, body)).join(' ');
}
