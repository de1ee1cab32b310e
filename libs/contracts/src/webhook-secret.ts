import { z } from 'zod';

const PREFIX = /^whsec_/;
const MIN_BYTES = 24;
const MAX_BYTES = 64;

/** Padded base64, not URL-safe, whose unused bits are 0: each sequence of bytes has one spelling. */
const CANONICAL_BASE64 = /^(?:[\w+/]{4})*(?:[\w+/][AQgw]==|[\w+/]{2}[AEIMQUYcgkosw048]=)?$/;

/** What a secret that signs webhooks looks like, as the end of the sentence "must be ...". */
export const WEBHOOK_SECRET_FORM = `base64 of ${MIN_BYTES} to ${MAX_BYTES} bytes, with or without whsec_ in front`;

/** A secret that signs webhooks, as Standard Webhooks writes it. The message about a wrong one does not quote it. */
export const webhookSecretSchema = z.string().refine(isWebhookSecret, `must be ${WEBHOOK_SECRET_FORM}`);

/** The base64 of a secret, without the prefix that it may have. */
export function webhookSecretKey(secret: string): string {
  return secret.replace(PREFIX, '');
}

function isWebhookSecret(secret: string): boolean {
  const base64 = webhookSecretKey(secret);
  // `\w` also has the underscore, which is no base64.
  if (base64.includes('_') || !CANONICAL_BASE64.test(base64)) return false;
  const padding = base64.indexOf('=');
  const bytes = Math.floor(((padding < 0 ? base64.length : padding) * 3) / 4);
  return bytes >= MIN_BYTES && bytes <= MAX_BYTES;
}
