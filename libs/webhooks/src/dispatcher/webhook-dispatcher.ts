import {
  invalid,
  type InputIssue,
  type EventQueue,
  type OutboxEntry,
  systemClock,
  type TimerClock,
} from '@smart-support/contracts';
import type { DeliveryOutcome } from '../sender/delivery-outcome';
import type { WebhookSender } from '../sender/webhook-sender';
import { AdaptiveConcurrency } from './adaptive-concurrency';
import { RetryingOutbox } from './retrying-outbox';
import { retryWaitMs } from './retry-schedule';
import type { EventReport, WebhookObserver } from './webhook-observer';

/** The lease of a claim, in timeouts of a try: what is in flight is never due for another process. */
const LEASE_IN_TIMEOUTS = 3;

/** Longest pause that can be set, in milliseconds. */
const LONGEST_IDLE_MS = 600_000;

/** What a {@link WebhookDispatcher} works with. */
export interface WebhookDispatcherOptions {
  /** The outbox of a broker, or an endpoint's part of it. */
  readonly outbox: EventQueue;
  /** Stays the caller's: stopping the dispatcher does not close it. */
  readonly sender: WebhookSender;
  readonly observer?: WebhookObserver;
  /** The machine's own by default. */
  readonly clock?: TimerClock;
  /** A number in [0, 1) for the jitter of retries; `Math.random` by default. */
  readonly random?: () => number;
  /** Events on their way at once; 8 by default. */
  readonly concurrency?: number;
  /** Pause between two looks at an outbox without due events, in milliseconds; 1000 by default. */
  readonly idleMs?: number;
}

/** Drains an outbox: delivers events as they fall due, a few at a time, until it is stopped. */
export interface WebhookDispatcher {
  /** Begins to look for events; may be called again after {@link WebhookDispatcher.stop}. Its timers do not keep the process alive. */
  start(): void;
  /**
   * Looks now instead of after the pause; call it when an event was just put into the outbox.
   * Does nothing while stopped, nor while every try fails.
   */
  wake(): void;
  /** Takes no more events and waits for those in flight: as long as a try may take, and two calls of the outbox. */
  stop(): Promise<void>;
}

/**
 * Makes a dispatcher. Delivery is at least once, always under the same id: an event whose process died in between, or whose
 * outcome could not be recorded in time, is delivered again. Failed tries are repeated with {@link retryWaitMs}, not before the receiver's
 * `Retry-After`; after the eighth the event is given up. A 410 ends all sending until the process is restarted: events are acknowledged and
 * reported to the observer as recorded only. While every try fails at most two are made at once, and no more than two in one pause.
 * @throws SmartSupportError `invalid_config` that names every number out of range
 */
export function createWebhookDispatcher(options: WebhookDispatcherOptions): WebhookDispatcher {
  const { observer = {}, clock = systemClock, random = Math.random, concurrency = 8, idleMs = 1000 } = options;
  const issues: InputIssue[] = [];
  if (!Number.isInteger(concurrency) || concurrency < 1)
    issues.push({ path: 'concurrency', message: 'must be a whole number of at least 1' });
  if (!(idleMs > 0 && idleMs <= LONGEST_IDLE_MS))
    issues.push({ path: 'idleMs', message: `must be above 0 and at most ${LONGEST_IDLE_MS}` });
  if (issues.length > 0) throw invalid('webhook dispatcher', issues, { code: 'invalid_config' });
  return new OutboxDispatcher({ ...options, observer, clock, random, concurrency, idleMs });
}

class OutboxDispatcher implements WebhookDispatcher {
  private readonly outbox: RetryingOutbox;
  private readonly concurrency: AdaptiveConcurrency;
  private readonly inFlight = new Map<string, Promise<void>>();
  private isRunning = false;
  private isGone = false;
  /** The look that is under way. */
  private looking: Promise<void> | undefined;
  /** Another look was requested during this one. */
  private isWokenUp = false;
  /** The last claim reached its limit: there may be more events due. */
  private maybeMore = false;
  private cancelNextLook = (): void => undefined;

  constructor(private readonly options: Required<WebhookDispatcherOptions>) {
    const { outbox, clock, idleMs, observer, concurrency } = options;
    this.outbox = new RetryingOutbox(outbox, clock, idleMs, (error) => observer.error?.(error));
    this.concurrency = new AdaptiveConcurrency(concurrency);
  }

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.outbox.resumeRetrying();
    this.lookNow();
  }

  wake(): void {
    // While every try fails only the timer looks: a receiver that refuses at once would be asked without a pause.
    if (this.isRunning && !this.concurrency.isReduced) this.lookNow();
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    this.cancelNextLook();
    this.outbox.stopRetrying();
    // What this look still takes is delivered, too: left alone, it would wait for the end of its lease.
    await this.looking;
    await Promise.all(this.inFlight.values());
  }

  private lookNow(): void {
    if (this.looking) {
      this.isWokenUp = true;
      return;
    }
    this.cancelNextLook();
    this.looking = this.claimDueEvents().then(() => {
      this.looking = undefined;
      if (!this.isRunning) return;
      this.cancelNextLook = this.options.clock.after(this.options.idleMs, () => this.lookNow());
      if (this.isWokenUp) this.wake();
    });
  }

  /** Claims as many events as may be sent now. Claimed events are not queued, so a lease begins when the try does. */
  private async claimDueEvents(): Promise<void> {
    this.isWokenUp = false;
    const free = this.concurrency.limit - this.inFlight.size;
    if (free <= 0) return;
    const entries = await this.outbox.claim(free, LEASE_IN_TIMEOUTS * this.options.sender.timeoutMs);
    this.maybeMore = entries.length >= free;
    for (const entry of entries) this.startDelivery(entry);
  }

  private startDelivery(entry: OutboxEntry): void {
    // Due again although it is in flight: the outbox was unavailable for longer than the lease; the outcome will be recorded.
    if (this.inFlight.has(entry.id)) return;
    const done = this.deliver(entry).then(() => {
      this.inFlight.delete(entry.id);
      if (this.maybeMore) this.wake();
    });
    this.inFlight.set(entry.id, done);
  }

  private async deliver(entry: OutboxEntry): Promise<void> {
    const { observer, random, clock } = this.options;
    const { id, created_at: createdAt } = entry;
    if (this.isGone) return this.recordOnly({ id, createdAt });
    const start = clock.monotonic();
    const outcome = await this.try(entry);
    const report = { id, createdAt, attempt: entry.attempts + 1, tookMs: clock.monotonic() - start };
    if (outcome.outcome === 'failed') this.concurrency.recordFailure();
    else this.concurrency.recordAnswer();

    if (outcome.outcome === 'delivered') {
      observer.delivered?.(report);
      return this.outbox.acknowledge(id);
    }
    if (outcome.outcome === 'gone') {
      if (!this.isGone) observer.endpointGone?.(report);
      this.isGone = true;
      return this.recordOnly({ id, createdAt });
    }
    const wait = retryWaitMs(report.attempt, random);
    if (wait === undefined) {
      observer.givenUp?.(report, outcome);
      return this.outbox.acknowledge(id);
    }
    const delayMs = Math.max(wait, outcome.retryAfterMs ?? 0);
    observer.retryScheduled?.(report, outcome, delayMs);
    return this.outbox.retryLater(id, report.attempt, delayMs);
  }

  private async try(entry: OutboxEntry): Promise<DeliveryOutcome> {
    try {
      return await this.options.sender.send(entry);
    } catch {
      // The built-in sender never rejects; the error of a custom one may contain a URL.
      return { outcome: 'failed', reason: 'sender', message: 'The sender failed.' };
    }
  }

  private recordOnly(report: EventReport): Promise<void> {
    this.options.observer.recordedOnly?.(report);
    return this.outbox.acknowledge(report.id);
  }
}
