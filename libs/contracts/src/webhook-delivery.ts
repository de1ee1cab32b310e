import type { EventType } from './events';

/**
 * Why a try failed: `status`, an answer other than 2xx, 3xx or 410; `redirect`, a 3xx, which is not followed; `timeout`, no answer in time;
 * `connection`, no whole answer for any other reason (refused, reset, no such host, a certificate that is not trusted, not HTTP at all);
 * `refused_address`, the host has no address to which events may be sent, and no connection was made; `sender`, the sender itself is broken.
 */
export type DeliveryFailureReason = 'status' | 'redirect' | 'timeout' | 'connection' | 'refused_address' | 'sender';

/** One try to deliver an event, as the delivery log keeps it. Has nothing of the event's content, and nothing that the receiver wrote. */
export interface DeliveryLogEntry {
  /** Id of the endpoint. */
  readonly endpoint: string;
  /** The `webhook-id`. */
  readonly event_id: string;
  readonly type: EventType;
  /** 1 for the first. */
  readonly attempt: number;
  /** ISO 8601: when the try began. */
  readonly at: string;
  /** `gone`: the receiver answered 410. */
  readonly outcome: 'delivered' | 'failed' | 'gone';
  /** Why it failed. */
  readonly reason?: DeliveryFailureReason;
  /** Status code of the answer, if there was one. */
  readonly status?: number;
  /** How long the try took, in milliseconds. */
  readonly duration_ms: number;
  /** ISO 8601: when it is tried again; left out where it is not. */
  readonly next_attempt_at?: string;
}
