import type { TimerClock } from '@smart-support/contracts';
import type { PoolEvent, InjectedFault } from '../running-model';
import type { Job } from './job';
import { closedError, lostError, noThreadError, overloadedError } from './pool-errors';
import { type LostJobs, PoolThread, type PoolThreadOwner } from './pool-thread';
import { RestartPlan } from './restart-plan';
import type { ThreadSource } from './thread-handle';
import { JobQueue } from './job-queue';

/** Settings of a {@link ThreadPool}. */
export interface PoolSettings {
  readonly source: ThreadSource;
  readonly threads: number;
  readonly maxWaiting: number;
  readonly hangMs: number;
  readonly clock: TimerClock;
  readonly onEvent: (event: PoolEvent) => void;
}

const isIdle = (thread: PoolThread): boolean => thread.state === 'idle';
const isBusy = (thread: PoolThread): boolean => thread.state === 'busy';
const hasNoneAhead = (thread: PoolThread): boolean => isBusy(thread) && !thread.jobAhead;

/** A text that lost so many threads is not given another. */
const MAX_TRIES = 2;

/** Hung threads that are waited for, at most, per thread of the pool: each still uses a core and a copy of the network. */
const ABANDONED_PER_THREAD = 2;

/**
 * Runs questions on a fixed number of threads, one at a time on each, and replaces threads that die or hang.
 * A busy thread is handed one job ahead, but never while another thread is idle. Until its run starts that job counts as waiting, like those in the queue.
 */
export class ThreadPool implements PoolThreadOwner {
  private readonly queue = new JobQueue();
  private readonly threads = new Set<PoolThread>();
  private readonly abandoned = new Set<PoolThread>();
  private readonly plan: RestartPlan;
  private fault: InjectedFault | null = null;
  private closing = false;
  private ended: Promise<void> | undefined;
  private opening: { resolve: (width: number) => void; reject: (error: unknown) => void } | undefined;
  /** Called at the end of each thread while the pool closes. */
  private onThreadGone: () => void = () => undefined;
  private counts = { runs: 0, failed: 0, refused: 0, replaced: 0 };

  private constructor(private readonly settings: PoolSettings) {
    this.plan = new RestartPlan(settings.clock, () => this.startMissingThreads());
  }

  /**
   * Starts the threads and waits until each is warm.
   * @returns the pool and how many values an answer has
   * @throws SmartSupportError `invalid_model`, `internal` if a thread does not start; the others are ended then
   */
  static async open(settings: PoolSettings): Promise<{ pool: ThreadPool; width: number }> {
    const pool = new ThreadPool(settings);
    try {
      const width = await new Promise<number>((resolve, reject) => {
        pool.opening = { resolve, reject };
        pool.startMissingThreads();
      });
      pool.opening = undefined;
      pool.recover();
      return { pool, width };
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  /** Counts for metrics. */
  get stats() {
    const all = [...this.threads];
    const ready = all.filter((thread) => thread.state !== 'starting');
    return {
      threads: {
        ready: ready.length,
        busy: ready.filter(isBusy).length,
        starting: all.length - ready.length,
        abandoned: this.abandoned.size,
        replaced: this.counts.replaced,
      },
      waiting: this.queue.size + all.filter((thread) => thread.jobAhead).length,
      runs: this.counts.runs,
      failed: this.counts.failed,
      refused: this.counts.refused,
    };
  }

  /**
   * Enqueues a job; it may start at once.
   * @throws SmartSupportError `closed`, `overloaded`, `model_failed` if no thread is left
   */
  enqueueJob(job: Job): void {
    if (this.closing) throw closedError();
    if (this.hopeless) throw noThreadError();
    this.assertCapacity(1);
    this.queue.enqueue(job);
    this.dispatch();
    this.updateProcessHold();
  }

  /** Refuses if so many jobs could not all come in now. @throws SmartSupportError `overloaded` */
  assertCapacity(jobs: number): void {
    const { waiting, threads } = this.stats;
    if (jobs <= this.settings.maxWaiting - waiting + threads.ready - threads.busy) return;
    this.counts.refused += jobs;
    throw overloadedError(this.settings.maxWaiting);
  }

  /** Removes a job whose first run has not started. Returns whether it was removed; if it has just started, its `onStart` is called first. */
  withdrawJob(job: Job): boolean {
    if (job.tries > 0) return false;
    for (const thread of this.threads) if (thread.jobAhead === job) this.recall(thread);
    const waited = this.queue.removeFirstTry(job);
    if (waited) this.updateProcessHold();
    return waited;
  }

  /** Sets the fault for every run that starts from now on. */
  injectFault(fault: InjectedFault | null): void {
    this.fault = fault;
    for (const thread of this.threads) {
      if (thread.state === 'starting') continue;
      this.recall(thread);
      thread.injectFault(fault);
    }
    this.endInjectedDelays();
    this.dispatch();
  }

  /** Whether {@link ThreadPool.close} was called. */
  get closed(): boolean {
    return this.closing;
  }

  /** Refuses what waits, lets runs in flight finish, ends the threads. Resolves after at most `hangMs`. */
  close(): Promise<void> {
    this.closing = true;
    this.ended ??= this.shutDown();
    return this.ended;
  }

  /** {@inheritDoc PoolThreadOwner.threadReady} */
  threadReady(thread: PoolThread, width: number): void {
    if (this.closing) return;
    if (this.opening) {
      if (this.stats.threads.starting === 0) this.opening.resolve(width);
      return;
    }
    this.plan.succeeded();
    this.startMissingThreads();
    this.counts.replaced++;
    thread.injectFault(this.fault);
    this.emit({ type: 'thread_replaced' });
    this.dispatch();
    this.updateProcessHold();
  }

  /** {@inheritDoc PoolThreadOwner.runEnded} */
  runEnded(thread: PoolThread, failed: boolean): void {
    if (failed) this.counts.failed++;
    else this.counts.runs++;
    if (this.closing && thread.state === 'idle') thread.requestExit();
    this.dispatch();
    this.updateProcessHold();
  }

  /** {@inheritDoc PoolThreadOwner.threadHung} */
  threadHung(thread: PoolThread, lost: LostJobs): void {
    this.threads.delete(thread);
    this.abandoned.add(thread);
    this.endInjectedDelays();
    this.emit({ type: 'thread_lost', reason: 'hung' });
    this.tryElsewhere(lost);
    this.onThreadGone();
  }

  /** {@inheritDoc PoolThreadOwner.threadNeverReady} */
  threadNeverReady(thread: PoolThread, error: unknown): void {
    this.threads.delete(thread);
    this.abandoned.add(thread);
    this.startFailed(error);
    this.recover();
    this.onThreadGone();
  }

  /** {@inheritDoc PoolThreadOwner.threadGone} */
  threadGone(thread: PoolThread, lost: LostJobs, error: unknown): void {
    const wasStarting = thread.state === 'starting';
    const wasAbandoned = this.abandoned.delete(thread);
    this.threads.delete(thread);
    if (wasStarting) this.startFailed(error);
    else if (!this.closing && !wasAbandoned) this.emit({ type: 'thread_lost', reason: 'crashed', error });
    this.tryElsewhere(lost);
    this.onThreadGone();
  }

  /** Threads abandoned during an injected delay return when it ends: otherwise too many of them would keep new ones from starting. */
  private endInjectedDelays(): void {
    if (this.fault?.delayMs) return;
    for (const thread of this.abandoned) thread.endInjectedDelay();
  }

  private startFailed(error: unknown): void {
    if (this.closing) return;
    if (this.opening) {
      this.opening.reject(error);
      return;
    }
    this.plan.failed();
    this.emit({ type: 'thread_failed_to_start', error });
  }

  private threadThat(fits: (thread: PoolThread) => boolean): PoolThread | undefined {
    for (const thread of this.threads) if (fits(thread)) return thread;
    return undefined;
  }

  /** No thread can run anything and there is no reason to believe that one soon will. */
  private get hopeless(): boolean {
    const { ready, starting } = this.stats.threads;
    return ready === 0 && (starting === 0 || this.plan.lastFailed);
  }

  /** Assigns jobs to idle threads, from the queue or else from a busy thread that has one ahead; then one ahead to each busy thread. */
  private dispatch(): void {
    while (!this.closing) {
      if (this.queue.size === 0 && this.threadThat(isIdle)) this.recallOne();
      // Selected only now: an `onStart` callback may have enqueued more jobs.
      const thread = this.threadThat(isIdle) ?? this.threadThat(hasNoneAhead);
      const job = thread && this.queue.dequeue();
      if (!job) return;
      thread.assign(job);
    }
  }

  /** Returns the job that a thread has ahead to the queue, unless it has started. */
  private recall(thread: PoolThread): void {
    const job = thread.reclaimJobAhead();
    if (job) this.queue.requeue(job);
  }

  private recallOne(): void {
    for (const thread of this.threads) if (this.queue.size === 0) this.recall(thread);
  }

  private tryElsewhere({ started, ahead }: LostJobs): void {
    if (ahead) this.queue.requeue(ahead);
    for (const job of started) {
      if (this.closing) {
        job.onError(closedError());
      } else if (job.tries < MAX_TRIES) {
        this.queue.enqueue(job);
      } else {
        this.counts.failed++;
        job.onError(lostError(job.tries));
      }
    }
    this.recover();
  }

  private recover(): void {
    if (this.opening || this.closing) return;
    this.startMissingThreads();
    if (this.hopeless) {
      for (const job of this.queue.removeAll()) {
        this.counts.failed++;
        job.onError(noThreadError());
      }
    }
    this.dispatch();
    this.updateProcessHold();
  }

  /** Starts threads until there are as many as there should be. */
  private startMissingThreads(): void {
    const { threads, source, hangMs, clock } = this.settings;
    while (
      !this.closing &&
      !this.plan.pausing &&
      this.threads.size < threads &&
      this.abandoned.size < threads * ABANDONED_PER_THREAD
    ) {
      this.threads.add(new PoolThread(source, hangMs, clock, this));
    }
    this.updateProcessHold();
  }

  /** Calls in flight keep the process alive, an idle pool does not. */
  private updateProcessHold(): void {
    const inFlight = this.queue.size > 0 || this.threadThat(isBusy) !== undefined;
    const alive = inFlight || this.closing || this.opening !== undefined;
    for (const thread of this.threads) thread.keepProcessAlive(alive);
  }

  private async shutDown(): Promise<void> {
    this.opening = undefined;
    this.plan.stop();
    for (const thread of this.threads) this.recall(thread);
    for (const job of this.queue.removeAll()) job.onError(closedError());
    this.updateProcessHold();
    for (const thread of this.threads) if (thread.state !== 'busy') thread.requestExit();
    await new Promise<void>((resolve) => {
      const cancelLimit = this.settings.clock.after(this.settings.hangMs, resolve);
      this.onThreadGone = () => {
        if (this.threads.size > 0) return;
        cancelLimit();
        resolve();
      };
      this.onThreadGone();
    });
    for (const thread of this.threads) {
      for (const job of thread.abandon().started) job.onError(closedError());
    }
  }

  private emit(event: PoolEvent): void {
    try {
      this.settings.onEvent(event);
    } catch {
      // An observer's fault must not stop the pool.
    }
  }
}
