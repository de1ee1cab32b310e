import type { RunOptions, RunReport, TimerClock } from '@smart-support/contracts';
import type { Job } from '../pool/job';
import type { ThreadPool } from '../pool/thread-pool';
import type { Answer, Question } from '../thread-protocol';
import { AbortWatch } from './abort-watch';
import type { AnswerCache } from './answer-cache';

/** An answer and how it came about. The values are the caller's own. */
export interface ReportedAnswer {
  readonly values: Float32Array;
  readonly report: RunReport;
}

interface Caller {
  readonly since: number;
  /** Whether another call's run is shared. */
  readonly joined: boolean;
  /** Called when waiting is over: `onStart` of the call that began the run, `onJoin` of the others. */
  readonly onUnderWay: (() => void) | undefined;
  readonly resolve: (answer: ReportedAnswer) => void;
  readonly reject: (error: unknown) => void;
  stopWatching: () => void;
}

/** A run in flight and the calls that share it. */
interface Run {
  readonly key: string | undefined;
  readonly callers: Set<Caller>;
  readonly job: Job;
  /** On the clock's monotonic scale; `undefined` while it waits for a thread. */
  startedAt: number | undefined;
}

/** Lets equal questions share one run: from the cache when it is over, by joining while it is not. */
export class SharedRuns {
  private readonly inFlight = new Map<string, Run>();
  private readonly aborts = new AbortWatch();
  private hits = 0;
  private joins = 0;

  constructor(
    private readonly pool: ThreadPool,
    private readonly cache: AnswerCache,
    private readonly clock: TimerClock,
  ) {}

  /** Counts for metrics. */
  get stats() {
    return { cacheHits: this.hits, joined: this.joins, kept: this.cache.size };
  }

  /** Whether a question with this key needs no further run. */
  knows(key: string): boolean {
    return this.inFlight.has(key) || this.cache.has(key);
  }

  /**
   * Answers a question.
   * @param key - equal for questions that must get equal answers; `undefined` never shares
   * @throws SmartSupportError as the pool does; the signal's reason when aborted before the run starts
   */
  async ask(key: string | undefined, question: Question, options: RunOptions = {}): Promise<ReportedAnswer> {
    options.signal?.throwIfAborted();
    if (key !== undefined && !this.pool.closed) {
      const kept = this.cache.get(key);
      if (kept) {
        this.hits++;
        return reported({ ...kept, tokenise_ms: 0, inference_ms: 0 }, 0, true);
      }
      const run = this.inFlight.get(key);
      if (run) {
        this.joins++;
        return this.call(run, options, true);
      }
    }
    return this.begin(key, question, options);
  }

  private begin(key: string | undefined, question: Question, options: RunOptions): Promise<ReportedAnswer> {
    const job: Job = {
      question,
      tries: 0,
      onStart: (at) => this.started(run, at),
      onAnswer: (answer) => this.answered(run, answer),
      onError: (error) => {
        for (const caller of this.end(run)) caller.reject(error);
      },
    };
    const run: Run = { key, callers: new Set(), job, startedAt: undefined };
    if (key !== undefined) this.inFlight.set(key, run);
    const answer = this.call(run, options, false);
    try {
      this.pool.enqueueJob(job);
    } catch (error) {
      job.onError(error);
    }
    return answer;
  }

  private call(run: Run, { signal, onStart, onJoin }: RunOptions, joined: boolean): Promise<ReportedAnswer> {
    return new Promise((resolve, reject) => {
      const since = this.clock.monotonic();
      const onUnderWay = joined ? onJoin : onStart;
      const caller: Caller = { since, joined, onUnderWay, resolve, reject, stopWatching: () => undefined };
      run.callers.add(caller);
      if (run.startedAt !== undefined) notify(onUnderWay);
      if (!signal || run.startedAt !== undefined) return;
      caller.stopWatching = this.aborts.watch(signal, () => {
        // A run that turns out to have started is answered all the same.
        if (run.startedAt !== undefined || (run.callers.size === 1 && !this.pool.withdrawJob(run.job))) return;
        run.callers.delete(caller);
        if (run.callers.size === 0) this.end(run);
        reject(signal.reason);
      });
    });
  }

  private started(run: Run, at: number): void {
    run.startedAt = at;
    for (const { stopWatching, onUnderWay } of run.callers) {
      stopWatching();
      notify(onUnderWay);
    }
  }

  private answered(run: Run, answer: Answer): void {
    if (run.key !== undefined) this.cache.put(run.key, answer);
    for (const { since, joined, resolve } of this.end(run)) {
      resolve(reported(answer, Math.max(0, (run.startedAt ?? since) - since), joined));
    }
  }

  private end(run: Run): readonly Caller[] {
    if (run.key !== undefined) this.inFlight.delete(run.key);
    const callers = [...run.callers];
    for (const { stopWatching } of callers) stopWatching();
    return callers;
  }
}

/** An error of an observer must not fail the run. */
function notify(observer: (() => void) | undefined): void {
  try {
    observer?.();
  } catch {
    // An observer's error must not affect the run.
  }
}

/** Copies the values, so that no caller can change another's or the cache's. */
function reported(answer: Answer, queueMs: number, cached: boolean): ReportedAnswer {
  const { values, tokens, unknown_tokens, truncated, tokenise_ms, inference_ms } = answer;
  const timings = { queue_ms: queueMs, tokenise_ms, inference_ms };
  return { values: values.slice(), report: { tokens, unknown_tokens, truncated, cached, timings } };
}
