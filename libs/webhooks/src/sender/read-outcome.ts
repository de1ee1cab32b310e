import type { DeliveryOutcome, FailedTry } from './delivery-outcome';
import { REFUSED_ADDRESS } from './address-policy';
import { readRetryAfter } from './retry-after';

/**
 * What an answer means for the try.
 * @param retryAfter - the header as it came, if it did
 * @param now - milliseconds since 1970
 */
export function outcomeOfAnswer(status: number, retryAfter: unknown, now: number): DeliveryOutcome {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  if (status === 410) return { outcome: 'gone' };
  const retryAfterMs = readRetryAfter(retryAfter, now);
  const wish = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 300 && status < 400) {
    const message = `The receiver redirects (${status}), and redirects are not followed.`;
    return { outcome: 'failed', reason: 'redirect', message, status, ...wish };
  }
  return { outcome: 'failed', reason: 'status', message: `The receiver answered ${status}.`, status, ...wish };
}

/** The outcome of a try that was not answered in time. */
export function outcomeOfTimeout(timeoutMs: number): FailedTry {
  return { outcome: 'failed', reason: 'timeout', message: `The receiver did not answer within ${timeoutMs} ms.` };
}

/** Error codes such as ECONNREFUSED and CERT_HAS_EXPIRED: they name what happened and nothing of ours. */
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;

/** The outcome of a try whose answer did not come whole. Messages of errors hold URLs, so only the code is passed on. */
export function outcomeOfError(error: unknown): FailedTry {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  if (code === REFUSED_ADDRESS) return outcomeOfRefusal();
  const why = typeof code === 'string' && CODE.test(code) ? ` (${code})` : '';
  return { outcome: 'failed', reason: 'connection', message: `The connection failed${why}.` };
}

/** The outcome of a try that was not made, because of the addresses of its receiver. */
export function outcomeOfRefusal(): FailedTry {
  const message = "The receiver's address is not public, and WEBHOOK_ALLOW_PRIVATE does not name its network.";
  return { outcome: 'failed', reason: 'refused_address', message };
}
