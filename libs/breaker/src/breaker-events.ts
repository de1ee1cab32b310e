import type { CallOutcome, Verdict } from './breaker-state';

/** When and where something happened. */
interface EventOrigin {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The breaker's name. */
  readonly name: string;
}

/** A call was counted. */
export interface CallJudged extends EventOrigin {
  readonly type: 'judged';
  readonly verdict: Verdict;
  /** Milliseconds from the start of the run to the answer; `null` for an error and for a run still going. */
  readonly latencyMs: number | null;
  /** Whether the call served no user: its answer was thrown away, only its latency was wanted. */
  readonly shadow: boolean;
}

/** The breaker opened. */
export interface BreakerOpened extends EventOrigin {
  readonly type: 'opened';
  /** How the last of the slow calls went. */
  readonly why: CallOutcome;
  /** Slow calls in a row, the last one included. */
  readonly slowInARow: number;
}

/** The breaker closed: the model is fast again. */
export interface BreakerClosed extends EventOrigin {
  readonly type: 'closed';
  /** Milliseconds since it opened; 0 if the wall clock was set back meanwhile. */
  readonly openForMs: number;
}

/** An event of a breaker, by `type`. `judged` comes before the `opened` or `closed` that it led to. */
export type BreakerEvent = CallJudged | BreakerOpened | BreakerClosed;

/** Called for each event as it happens. What it throws is dropped: a broken log must not break the breaker. */
export type BreakerListener = (event: BreakerEvent) => void;
