/** No receiver puts a try off for longer, in milliseconds. */
const RETRY_AFTER_CAP_MS = 24 * 60 * 60 * 1000;

const SECONDS = /^\d+$/;

/** The three forms of a date that RFC 9110 (5.6.7) obliges a recipient to read all begin with the name of the day. */
const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\D/;

/**
 * Reads the value of a `Retry-After` header: seconds, or an HTTP date.
 * @param now - milliseconds since 1970
 * @returns milliseconds from now, 0 for a date that is over, at most a day; nothing for what cannot be read
 */
export function readRetryAfter(value: unknown, now: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (SECONDS.test(text)) return Math.min(RETRY_AFTER_CAP_MS, Number(text) * 1000);
  if (!DATE.test(text)) return undefined;
  // The oldest of the three forms does not say that it is in Greenwich, where all three are.
  const time = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : Math.min(RETRY_AFTER_CAP_MS, Math.max(0, time - now));
}
