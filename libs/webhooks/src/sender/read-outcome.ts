import type { DeliveryOutcome, FailedTry } from './delivery-outcome';
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
    return { outcome: 'failed', reason: 'redirect', message, ...wish };
  }
  return { outcome: 'failed', reason: 'status', message: `The receiver answered ${status}.`, ...wish };
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
  const why = typeof code === 'string' && CODE.test(code) ? ` (${code})` : '';
  return { outcome: 'failed', reason: 'connection', message: `The connection failed${why}.` };
}
