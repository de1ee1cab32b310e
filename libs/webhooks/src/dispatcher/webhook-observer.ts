import type { FailedTry } from '../sender/delivery-outcome';

/** Identifies an event. Has nothing of its content. */
export interface EventReport {
  /** The event's id, which is also the `webhook-id`. */
  readonly id: string;
  /** ISO 8601: when it happened. */
  readonly createdAt: string;
}

/** One try to deliver an event. */
export interface TryReport extends EventReport {
  /** 1 for the first, 8 for the last; counts what the outbox knows of, so a try that a crash cut off is not among them. */
  readonly attempt: number;
  /** How long the try took, in milliseconds. */
  readonly tookMs: number;
}

/** Observes deliveries, for logs and metrics; gets never an event's text, the URL or the secret. Every method is optional and must not throw. */
export interface WebhookObserver {
  /** The receiver took the event. */
  delivered?(report: TryReport): void;
  /** A try failed; the next comes after `delayMs`. */
  retryScheduled?(report: TryReport, failure: FailedTry, delayMs: number): void;
  /** The eighth try failed: the event is acknowledged without delivery. */
  givenUp?(report: TryReport, failure: FailedTry): void;
  /** The receiver answered 410. Called once: no event is sent any more until the process is restarted. */
  endpointGone?(report: TryReport): void;
  /** An event was acknowledged and not delivered, because the receiver is gone. The one that was answered 410 is the first. */
  recordedOnly?(report: EventReport): void;
  /** The outbox failed; the dispatcher retries. Called again only for another kind of error, or after the outbox has answered. */
  error?(error: unknown): void;
}
