import { SmartSupportError } from '@smart-support/contracts';
import { Webhook } from 'standardwebhooks';

/** Signs one try: the value of `webhook-signature`. */
export type Signer = (id: string, time: Date, body: string) => string;

const PREFIX = /^whsec_/;

/** Base64 in whole groups of four. The signing package is more lenient and would ignore what is too much at the end. */
const BASE64 = /^(?:[A-Z0-9+/]{4})*(?:[A-Z0-9+/]{2}==|[A-Z0-9+/]{3}=)?$/i;

/**
 * A signer after Standard Webhooks: `v1,` and the HMAC-SHA256 of id, time and body.
 * @param secret - base64, with or without `whsec_` in front
 * @throws SmartSupportError `invalid_config`, which does not quote the secret
 */
export function createSigner(secret: string): Signer {
  const key = secret.replace(PREFIX, '');
  if (key === '' || !BASE64.test(key)) {
    throw new SmartSupportError(
      'invalid_config',
      'The webhook secret must be base64 (padded, not URL-safe), with or without whsec_ in front.',
    );
  }
  const webhook = new Webhook(key);
  return (id, time, body) => webhook.sign(id, time, body);
}
