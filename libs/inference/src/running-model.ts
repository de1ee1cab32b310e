import type { RunOptions, RunReport } from '@smart-support/contracts';

/** What a model's threads and answers are like at this moment. Counts are since the model was opened. */
export interface ModelStats {
  readonly threads: {
    /** Threads that can run a text, busy ones included. */
    readonly ready: number;
    readonly busy: number;
    /** Threads on their way to be ready. */
    readonly starting: number;
    /** Threads given up as hung that have not come back yet. */
    readonly abandoned: number;
    /** Threads that took the place of a lost one. */
    readonly replaced: number;
  };
  /** Runs that wait for a thread. */
  readonly waiting: number;
  /** Runs that were answered. */
  readonly runs: number;
  /** Calls answered from the cache. */
  readonly cacheHits: number;
  /** Calls that shared the run of an equal text. */
  readonly joined: number;
  /** Runs refused because the queue was full. */
  readonly refused: number;
  /** Runs that ended without an answer. */
  readonly failed: number;
  /** Answers in the cache. */
  readonly kept: number;
}

/** A fault to inject into every run. */
export interface InjectedFault {
  /** Every run takes so many milliseconds longer, at most 600,000. The thread is blocked meanwhile, as in a slow run. */
  readonly delayMs?: number;
  /** `fail`: the run ends in an error, the thread goes on. `crash`: the thread exits. */
  readonly error?: 'fail' | 'crash';
}

/** Something happened to a thread of the pool. */
export type PoolEvent =
  /** A thread died or did not come back from a run; its text is tried once more elsewhere. */
  | { readonly type: 'thread_lost'; readonly reason: 'crashed' | 'hung'; readonly error?: unknown }
  /** A new thread has taken the place of a lost one. */
  | { readonly type: 'thread_replaced' }
  /** A thread could not be started; it is tried again later. */
  | { readonly type: 'thread_failed_to_start'; readonly error: unknown };

/** The part of a model that keeps it running. An idle model does not keep the process alive. */
export interface RunningModel {
  /** Threads it was opened with. */
  readonly threads: number;
  /**
   * Runs one real short text on a thread, past the cache.
   * @throws SmartSupportError `overloaded`, `model_failed`, `closed`; the signal's reason when aborted before the run starts
   */
  health(options?: RunOptions): Promise<RunReport>;
  /** Counts for metrics. */
  stats(): ModelStats;
  /**
   * Makes every run slower or fail, for fault injection and tests; `null` ends it. Each thread obeys from its next run on.
   * A delay in flight goes on to its end, or until its thread is given up as hung and the delay is no longer injected.
   * @throws SmartSupportError `invalid_input` for a delay that is not in [0, 600000] or an unknown error
   */
  injectFault(fault: InjectedFault | null): void;
  /**
   * Refuses what waits and what comes, lets the runs in flight finish, ends the threads. Resolves after at most `hangMs`.
   * A thread that hangs inside the network is left behind: it ends with its run, and the process not before it.
   */
  close(): Promise<void>;
}
