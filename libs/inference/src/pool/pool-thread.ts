import { SmartSupportError, type TimerClock } from '@smart-support/contracts';
import type { RehearsedFault } from '../running-model';
import type { Job } from './job';
import { ThreadHandle, type ThreadSource } from './thread-handle';

/** The pool, as its threads see it. */
export interface PoolThreadOwner {
  /** A thread is loaded and warm, and idle. */
  threadReady(thread: PoolThread, width: number): void;
  /** A thread has finished its job and is idle. */
  threadFree(thread: PoolThread, failed: boolean): void;
  /** A run took too long; the thread is being ended and its job is the owner's again. */
  threadHung(thread: PoolThread, job: Job): void;
  /** A thread was still not ready after a very long time; it is being ended. */
  threadNeverReady(thread: PoolThread, error: unknown): void;
  /** A thread has ended, with the job it had in hand. Its state is the last one it had. */
  threadGone(thread: PoolThread, job: Job | undefined, error: unknown): void;
}

type State =
  | { readonly type: 'starting' | 'idle' | 'abandoned' }
  | { readonly type: 'busy'; readonly job: Job; readonly calm: () => void };

/** Time for loading and warming a network, in milliseconds: a large one from a slow disk takes a minute. */
const START_LIMIT_MS = 5 * 60 * 1000;

/** A thread that is given one job at a time and watched meanwhile. */
export class PoolThread {
  private readonly handle: ThreadHandle;
  private current: State = { type: 'starting' };

  constructor(
    source: ThreadSource,
    private readonly hangMs: number,
    private readonly clock: TimerClock,
    private readonly owner: PoolThreadOwner,
  ) {
    const started = clock.after(START_LIMIT_MS, () => {
      this.abandon();
      owner.threadNeverReady(this, new SmartSupportError('internal', 'An inference thread did not become ready'));
    });
    this.handle = new ThreadHandle(source, {
      ready: (width) => {
        started();
        if (this.current.type !== 'starting') return;
        this.current = { type: 'idle' };
        owner.threadReady(this, width);
      },
      finished: (outcome) => {
        const job = this.takeJob();
        // An abandoned thread that came back after all: its job has long been somewhere else.
        if (!job) return;
        const failed = outcome.type === 'failed';
        if (failed) job.onError(new SmartSupportError(outcome.code, outcome.sentence));
        else job.onAnswer(outcome.answer);
        owner.threadFree(this, failed);
      },
      gone: (error) => {
        started();
        owner.threadGone(this, this.takeJob(), error);
      },
    });
  }

  /** What it is doing. */
  get state(): State['type'] {
    return this.current.type;
  }

  /** Hands a job to an idle thread. */
  run(job: Job): void {
    const calm = this.clock.after(this.hangMs, () => {
      this.abandon();
      this.owner.threadHung(this, job);
    });
    this.current = { type: 'busy', job, calm };
    this.handle.run(job.question);
  }

  /** Sets the fault for all runs to come. */
  rehearse(fault: RehearsedFault | null): void {
    this.handle.rehearse(fault);
  }

  /** Whether the thread keeps the process alive. */
  hold(alive: boolean): void {
    this.handle.hold(alive);
  }

  /** Asks the thread to end once it is outside of a run. */
  leave(): void {
    this.handle.leave();
  }

  /** Gives the thread up. */
  abandon(): void {
    this.takeJob();
    this.current = { type: 'abandoned' };
    this.handle.abandon();
  }

  private takeJob(): Job | undefined {
    if (this.current.type !== 'busy') return undefined;
    const { job, calm } = this.current;
    calm();
    this.current = { type: 'idle' };
    return job;
  }
}
