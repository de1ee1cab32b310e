import type { TimerClock } from '@smart-support/contracts';
import type { PoolEvent, RehearsedFault } from '../running-model';
import type { Job } from './job';
import { closedError, lostError, noThreadError, overloadedError } from './pool-errors';
import { type LostJobs, PoolThread, type PoolThreadOwner } from './pool-thread';
import { RestartPlan } from './restart-plan';
import type { ThreadSource } from './thread-handle';
import { WaitingRoom } from './waiting-room';

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
 * A busy thread is handed one job ahead, but never while another thread is idle. Until its run starts that job waits like those in the room.
 */
export class ThreadPool implements PoolThreadOwner {
  private readonly room = new WaitingRoom();
  private readonly threads = new Set<PoolThread>();
  private readonly abandoned = new Set<PoolThread>();
  private readonly plan: RestartPlan;
  private fault: RehearsedFault | null = null;
  private closing = false;
  private ended: Promise<void> | undefined;
  private opening: { resolve: (width: number) => void; reject: (error: unknown) => void } | undefined;
  /** Called at the end of each thread while the pool closes. */
  private onThreadGone: () => void = () => undefined;
  private counts = { runs: 0, failed: 0, refused: 0, replaced: 0 };

  private constructor(private readonly settings: PoolSettings) {
    this.plan = new RestartPlan(settings.clock, () => this.fill());
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
        pool.fill();
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
      waiting: this.room.size + all.filter((thread) => thread.jobAhead).length,
      runs: this.counts.runs,
      failed: this.counts.failed,
      refused: this.counts.refused,
    };
  }

  /**
   * Takes a job in; it may start at once.
   * @throws SmartSupportError `closed`, `overloaded`, `model_failed` if no thread is left
   */
  add(job: Job): void {
    if (this.closing) throw closedError();
    if (this.hopeless) throw noThreadError();
    this.makeSureOfRoom(1);
    this.room.add(job);
    this.dispatch();
    this.holdProcess();
  }

  /** Refuses if so many jobs could not all come in now. @throws SmartSupportError `overloaded` */
  makeSureOfRoom(jobs: number): void {
    const { waiting, threads } = this.stats;
    if (jobs <= this.settings.maxWaiting - waiting + threads.ready - threads.busy) return;
    this.counts.refused += jobs;
    throw overloadedError(this.settings.maxWaiting);
  }

  /** Takes back a job whose first run has not started. Returns whether it was one; if it has just started, it is told so first. */
  withdraw(job: Job): boolean {
    if (job.tries > 0) return false;
    for (const thread of this.threads) if (thread.jobAhead === job) this.recall(thread);
    const waited = this.room.withdraw(job);
    if (waited) this.holdProcess();
    return waited;
  }

  /** Sets the fault for every run that starts from now on. */
  rehearse(fault: RehearsedFault | null): void {
    this.fault = fault;
    for (const thread of this.threads) {
      if (thread.state === 'starting') continue;
      this.recall(thread);
      thread.rehearse(fault);
    }
    this.endDelays();
    this.dispatch();
  }

  /** Whether {@link ThreadPool.close} was called. */
  get closed(): boolean {
    return this.closing;
  }

  /** Refuses what waits, lets runs in flight finish, ends the threads. Resolves after at most `hangMs`. */
  close(): Promise<void> {
    this.closing = true;
    this.ended ??= this.end();
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
    this.fill();
    this.counts.replaced++;
    thread.rehearse(this.fault);
    this.tell({ type: 'thread_replaced' });
    this.dispatch();
    this.holdProcess();
  }

  /** {@inheritDoc PoolThreadOwner.runEnded} */
  runEnded(thread: PoolThread, failed: boolean): void {
    if (failed) this.counts.failed++;
    else this.counts.runs++;
    if (this.closing && thread.state === 'idle') thread.leave();
    this.dispatch();
    this.holdProcess();
  }

  /** {@inheritDoc PoolThreadOwner.threadHung} */
  threadHung(thread: PoolThread, lost: LostJobs): void {
    this.threads.delete(thread);
    this.abandoned.add(thread);
    this.endDelays();
    this.tell({ type: 'thread_lost', reason: 'hung' });
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
    else if (!this.closing && !wasAbandoned) this.tell({ type: 'thread_lost', reason: 'crashed', error });
    this.tryElsewhere(lost);
    this.onThreadGone();
  }

  /** Threads given up in a drill come back once it is over: otherwise too many of them would keep new ones from starting. */
  private endDelays(): void {
    if (this.fault?.delayMs) return;
    for (const thread of this.abandoned) thread.endDelay();
  }

  private startFailed(error: unknown): void {
    if (this.closing) return;
    if (this.opening) {
      this.opening.reject(error);
      return;
    }
    this.plan.failed();
    this.tell({ type: 'thread_failed_to_start', error });
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

  /** Hands jobs to idle threads, from the room or else from a busy thread that has one ahead; then one ahead to each busy thread. */
  private dispatch(): void {
    while (!this.closing) {
      if (this.room.size === 0 && this.threadThat(isIdle)) this.recallOne();
      // Looked for only now: whoever is told of a start may have asked for more.
      const thread = this.threadThat(isIdle) ?? this.threadThat(hasNoneAhead);
      const job = thread && this.room.next();
      if (!job) return;
      thread.give(job);
    }
  }

  /** Brings the job that a thread has ahead back into the room, unless it has started. */
  private recall(thread: PoolThread): void {
    const job = thread.takeBack();
    if (job) this.room.giveBack(job);
  }

  private recallOne(): void {
    for (const thread of this.threads) if (this.room.size === 0) this.recall(thread);
  }

  private tryElsewhere({ started, ahead }: LostJobs): void {
    if (ahead) this.room.giveBack(ahead);
    for (const job of started) {
      if (this.closing) {
        job.onError(closedError());
      } else if (job.tries < MAX_TRIES) {
        this.room.add(job);
      } else {
        this.counts.failed++;
        job.onError(lostError(job.tries));
      }
    }
    this.recover();
  }

  private recover(): void {
    if (this.opening || this.closing) return;
    this.fill();
    if (this.hopeless) {
      for (const job of this.room.takeAll()) {
        this.counts.failed++;
        job.onError(noThreadError());
      }
    }
    this.dispatch();
    this.holdProcess();
  }

  /** Starts threads until there are as many as there should be. */
  private fill(): void {
    const { threads, source, hangMs, clock } = this.settings;
    while (
      !this.closing &&
      !this.plan.pausing &&
      this.threads.size < threads &&
      this.abandoned.size < threads * ABANDONED_PER_THREAD
    ) {
      this.threads.add(new PoolThread(source, hangMs, clock, this));
    }
    this.holdProcess();
  }

  /** Calls in flight keep the process alive, an idle pool does not. */
  private holdProcess(): void {
    const inFlight = this.room.size > 0 || this.threadThat(isBusy) !== undefined;
    const alive = inFlight || this.closing || this.opening !== undefined;
    for (const thread of this.threads) thread.hold(alive);
  }

  private async end(): Promise<void> {
    this.opening = undefined;
    this.plan.stop();
    for (const thread of this.threads) this.recall(thread);
    for (const job of this.room.takeAll()) job.onError(closedError());
    this.holdProcess();
    for (const thread of this.threads) if (thread.state !== 'busy') thread.leave();
    await new Promise<void>((resolve) => {
      const forget = this.settings.clock.after(this.settings.hangMs, resolve);
      this.onThreadGone = () => {
        if (this.threads.size > 0) return;
        forget();
        resolve();
      };
      this.onThreadGone();
    });
    for (const thread of this.threads) {
      for (const job of thread.abandon().started) job.onError(closedError());
    }
  }

  private tell(event: PoolEvent): void {
    try {
      this.settings.onEvent(event);
    } catch {
      // An observer's fault must not stop the pool.
    }
  }
}
