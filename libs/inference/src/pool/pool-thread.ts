import { SmartSupportError, type TimerClock } from '@smart-support/contracts';
import type { InjectedFault } from '../running-model';
import type { Claim } from '../shared-memory/claim';
import type { Job } from './job';
import { ThreadHandle, type ThreadSource } from './thread-handle';

/** What a thread leaves behind when it is lost. */
export interface LostJobs {
  /** Jobs it had started. */
  readonly started: readonly Job[];
  /** The job it was handed ahead and never started. */
  readonly ahead: Job | undefined;
}

/** The pool, as its threads see it. */
export interface PoolThreadOwner {
  /** A thread is loaded and warm, and idle. */
  threadReady(thread: PoolThread, width: number): void;
  /** A thread has finished a job; it is idle or already at the one that it was handed ahead. */
  runEnded(thread: PoolThread, failed: boolean): void;
  /** A run took too long; the thread is being ended and its jobs are the owner's again. */
  threadHung(thread: PoolThread, lost: LostJobs): void;
  /** A thread was still not ready after a very long time; it is being ended. */
  threadNeverReady(thread: PoolThread, error: unknown): void;
  /** A thread has ended, with the jobs it had. Its phase is the last one it had. */
  threadGone(thread: PoolThread, lost: LostJobs, error: unknown): void;
}

/** Time for loading and warming a network, in milliseconds: a large one from a slow disk takes a minute. */
const START_LIMIT_MS = 5 * 60 * 1000;

/** A thread that runs one job at a time and is watched meanwhile. It is handed one job ahead, so that it never waits for the next. */
export class PoolThread {
  private readonly handle: ThreadHandle;
  private phase: 'starting' | 'ready' | 'abandoned' = 'starting';
  /** Jobs known to have started, oldest first. There are two only while the answer of the first is on its way. */
  private started: Job[] = [];
  private ahead: { readonly job: Job; readonly claim: Claim } | undefined;
  private stopWatching = (): void => undefined;

  constructor(
    source: ThreadSource,
    private readonly hangMs: number,
    private readonly clock: TimerClock,
    private readonly owner: PoolThreadOwner,
  ) {
    const loaded = clock.after(START_LIMIT_MS, () => {
      this.abandon();
      owner.threadNeverReady(this, new SmartSupportError('internal', 'An inference thread did not become ready'));
    });
    this.handle = new ThreadHandle(source, {
      ready: (width) => {
        loaded();
        if (this.phase !== 'starting') return;
        this.phase = 'ready';
        owner.threadReady(this, width);
      },
      finished: (outcome) => {
        const job = this.started.shift();
        // An abandoned thread that came back after all: its job has long been somewhere else.
        if (!job) return;
        this.startJobAhead();
        const failed = outcome.type === 'failed';
        if (failed) job.onError(new SmartSupportError(outcome.code, outcome.sentence));
        else job.onAnswer(outcome.answer);
        owner.runEnded(this, failed);
      },
      gone: (error) => {
        loaded();
        owner.threadGone(this, this.removeJobs(), error);
      },
    });
  }

  /** What it is doing. */
  get state(): 'starting' | 'idle' | 'busy' | 'abandoned' {
    if (this.phase !== 'ready') return this.phase;
    return this.started.length > 0 ? 'busy' : 'idle';
  }

  /** The job that it was handed ahead, as long as that is not known to have started. */
  get jobAhead(): Job | undefined {
    return this.ahead?.job;
  }

  /** Hands a job over: to run at once if the thread is idle, else ahead, which it must not have one of yet. */
  assign(job: Job): void {
    if (this.state === 'busy') {
      this.ahead = { job, claim: this.handle.queueQuestion(job.question) };
    } else {
      this.handle.runQuestion(job.question);
      this.begin(job);
    }
  }

  /** Reclaims the job ahead. One that the thread has started in the meantime stays, and its `onStart` is called now. */
  reclaimJobAhead(): Job | undefined {
    if (!this.ahead) return undefined;
    const { job, claim } = this.ahead;
    this.ahead = undefined;
    if (claim.tryAcquire()) return job;
    this.begin(job);
    return undefined;
  }

  /** Sets the fault for all runs to come, except of a job ahead. */
  injectFault(fault: InjectedFault | null): void {
    this.handle.injectFault(fault);
  }

  /** Ends the injected delay of a thread that was given up. */
  endInjectedDelay(): void {
    this.handle.endInjectedDelay();
  }

  /** Whether the thread keeps the process alive. */
  keepProcessAlive(alive: boolean): void {
    this.handle.keepProcessAlive(alive);
  }

  /** Asks the thread to end once it is outside of a run. */
  requestExit(): void {
    this.handle.requestExit();
  }

  /** Gives the thread up. */
  abandon(): LostJobs {
    const lost = this.removeJobs();
    this.phase = 'abandoned';
    this.handle.abandon();
    return lost;
  }

  private begin(job: Job): void {
    this.started.push(job);
    this.stopWatching();
    this.stopWatching = this.clock.after(this.hangMs, () => this.hung());
    job.tries++;
    if (job.tries === 1) job.onStart(this.clock.monotonic());
  }

  /** After a run the thread has begun, or is about to begin, the job ahead. */
  private startJobAhead(): void {
    if (this.started.length > 0) return;
    this.stopWatching();
    const { ahead } = this;
    this.ahead = undefined;
    if (ahead) this.begin(ahead.job);
  }

  private hung(): void {
    const wasAhead = this.jobAhead;
    const ahead = this.reclaimJobAhead();
    // It has gone on to the job ahead: the run before is over, only its answer is not read yet.
    if (wasAhead && !ahead) return;
    const { started } = this.abandon();
    this.owner.threadHung(this, { started, ahead });
  }

  private removeJobs(): LostJobs {
    const ahead = this.reclaimJobAhead();
    this.stopWatching();
    return { started: this.started.splice(0), ahead };
  }
}
