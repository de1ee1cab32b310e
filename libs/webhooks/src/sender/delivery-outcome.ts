/**
 * Why a try failed: `status`, an answer other than 2xx, 3xx or 410; `redirect`, a 3xx, which is not followed; `timeout`, no answer in time;
 * `connection`, no whole answer for any other reason (refused, reset, no such host, a certificate that is not trusted, not HTTP at all);
 * `sender`, the sender itself is broken.
 */
export type FailureReason = 'status' | 'redirect' | 'timeout' | 'connection' | 'sender';

/** A try that failed, and may be repeated. */
export interface FailedTry {
  readonly outcome: 'failed';
  readonly reason: FailureReason;
  /** One short sentence for logs. Holds neither the URL nor anything the receiver wrote. */
  readonly message: string;
  /** What the receiver asked for by `Retry-After`, in milliseconds from now: the next try must not come sooner. At most a day. */
  readonly retryAfterMs?: number;
}

/** What became of one try. `gone`: the receiver answered 410 and wants no more events, neither this one nor others. */
export type DeliveryOutcome =
  { readonly outcome: 'delivered'; readonly status: number } | { readonly outcome: 'gone' } | FailedTry;
