import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { HookVerification } from '../mapping/hook-source';

/** Headers of a request with names in lower case, as Node gives them. */
export type HookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Signatures of one header that are looked at. */
const MAX_SIGNATURES = 10;

const UNIX_SECONDS = /^\d{1,12}$/;
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Whether a webhook comes from whom it says. Secrets are compared in a time that does not depend on them.
 * @param body - its bytes as they were sent
 * @param now - milliseconds since 1970
 */
export function verifyHook(check: HookVerification, headers: HookHeaders, body: Uint8Array, now: number): boolean {
  switch (check.scheme) {
    case 'standard_webhooks':
      return isStandardWebhook(check, headers, body, now);
    case 'hmac':
      return isSigned(check, headers, body, now);
    case 'token':
      return isEqual(headerOf(headers, check.header), check.prefix + check.secret);
    case 'basic': {
      const credentials = Buffer.from(`${check.user}:${check.password}`).toString('base64');
      const sent = headerOf(headers, 'authorization')?.replace(/^basic(?= )/i, 'Basic');
      return isEqual(sent, `Basic ${credentials}`);
    }
    case 'none':
      return true;
  }
}

type Check<Scheme extends HookVerification['scheme']> = Extract<HookVerification, { scheme: Scheme }>;

/** By standardwebhooks.com: `v1,` and the HMAC of id, time and body, perhaps several of them. */
function isStandardWebhook(
  { secret, tolerance_seconds }: Check<'standard_webhooks'>,
  headers: HookHeaders,
  body: Uint8Array,
  now: number,
): boolean {
  const id = headerOf(headers, 'webhook-id');
  const time = headerOf(headers, 'webhook-timestamp');
  if (!id || !isRecent(time, tolerance_seconds, now)) return false;
  const expected = `v1,${createHmac('sha256', secret).update(`${id}.${time}.`).update(body).digest('base64')}`;
  const sent = (headerOf(headers, 'webhook-signature') ?? '').split(' ', MAX_SIGNATURES);
  return sent.some((signature) => isEqual(signature, expected));
}

function isSigned(
  { header, algorithm, encoding, prefix, secret, timestamp }: Check<'hmac'>,
  headers: HookHeaders,
  body: Uint8Array,
  now: number,
): boolean {
  const hmac = createHmac(algorithm, secret);
  if (timestamp) {
    const time = headerOf(headers, timestamp.header);
    if (!isRecent(time, timestamp.tolerance_seconds, now)) return false;
    hmac.update(`${time}${timestamp.separator}`);
  }
  return isEqual(headerOf(headers, header), prefix + hmac.update(body).digest(encoding));
}

/** The value of a header that came once. */
function headerOf(headers: HookHeaders, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function isRecent(time: string | undefined, toleranceSeconds: number, now: number): time is string {
  if (time === undefined) return false;
  let sentAt = NaN;
  if (UNIX_SECONDS.test(time)) sentAt = Number(time) * 1000;
  else if (ISO_8601.test(time)) sentAt = Date.parse(time);
  return Math.abs(now - sentAt) <= toleranceSeconds * 1000;
}

/** Compares digests, which have the same length whatever was sent. */
function isEqual(sent: string | undefined, expected: string): boolean {
  if (sent === undefined) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(sent), digest(expected));
}
