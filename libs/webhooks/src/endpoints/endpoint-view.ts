import { createHash } from 'node:crypto';
import { type WebhookEndpoint, type WebhookEndpointView, webhookSecretKey } from '@smart-support/contracts';

/** An endpoint as operators see it. */
export function viewOfEndpoint({ url, secrets, ...shown }: WebhookEndpoint): WebhookEndpointView {
  return { ...shown, origin: new URL(url).origin, secret_fingerprints: secrets.map(fingerprintOf) };
}

function fingerprintOf(secret: string): string {
  const key = Buffer.from(webhookSecretKey(secret), 'base64');
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
