import type { DeliveryFailureReason } from '@smart-support/contracts';

/** A try that failed, and may be repeated. */
export interface FailedTry {
  readonly outcome: 'failed';
  readonly reason: DeliveryFailureReason;
  /** One short sentence for logs. Holds neither the URL nor an address, nor anything the receiver wrote. */
  readonly message: string;
  /** Status code of the answer; left out where none came. */
  readonly status?: number;
  /** What the receiver asked for by `Retry-After`, in milliseconds from now: the next try must not come sooner. At most a day. */
  readonly retryAfterMs?: number;
}

/** What became of one try. `gone`: the receiver answered 410 and wants no more events, neither this one nor others. */
export type DeliveryOutcome =
  { readonly outcome: 'delivered'; readonly status: number } | { readonly outcome: 'gone' } | FailedTry;
