import type { Job } from './job';

/**
 * Jobs that wait for a thread: first come, first served; before them those that a thread had without starting them, and second
 * tries before all others. Leaving it costs the same for all.
 */
export class JobQueue {
  private readonly jobs = new Set<Job>();
  private readonly requeued = new Set<Job>();
  private readonly secondTries = new Set<Job>();

  get size(): number {
    return this.jobs.size + this.requeued.size + this.secondTries.size;
  }

  /** Puts a job at the end of the line, or with those that are tried again. */
  enqueue(job: Job): void {
    (job.tries > 0 ? this.secondTries : this.jobs).add(job);
  }

  /** Puts a job back that had left the line without being started. */
  requeue(job: Job): void {
    (job.tries > 0 ? this.secondTries : this.requeued).add(job);
  }

  /** Takes the next job out. */
  dequeue(): Job | undefined {
    for (const line of [this.secondTries, this.requeued, this.jobs]) {
      for (const job of line) {
        line.delete(job);
        return job;
      }
    }
    return undefined;
  }

  /** Takes a job out that is not wanted any more. Returns whether it was still waiting for its first try. */
  removeFirstTry(job: Job): boolean {
    return this.requeued.delete(job) || this.jobs.delete(job);
  }

  /** Empties the queue. */
  removeAll(): Job[] {
    const all = [...this.secondTries, ...this.requeued, ...this.jobs];
    this.secondTries.clear();
    this.requeued.clear();
    this.jobs.clear();
    return all;
  }
}
