import type { Clock, WorkerStatus } from '@smart-support/contracts';

/** The workers that announced themselves lately. */
export class MemoryWorkers {
  private readonly workers = new Map<string, { readonly status: WorkerStatus; readonly until: number }>();

  constructor(private readonly clock: Clock) {}

  /** Notes how a worker does, for `ttlMs`. */
  announce(status: WorkerStatus, ttlMs: number): void {
    this.dropSilent();
    this.workers.set(status.worker_id, { status: { ...status }, until: this.clock.monotonic() + ttlMs });
  }

  /** Forgets a worker, if it is known. */
  leave(workerId: string): void {
    this.workers.delete(workerId);
  }

  /** Everybody who lives, by id. */
  list(): WorkerStatus[] {
    this.dropSilent();
    return [...this.workers.values()]
      .map(({ status }) => ({ ...status }))
      .sort((a, b) => (a.worker_id < b.worker_id ? -1 : 1));
  }

  private dropSilent(): void {
    const now = this.clock.monotonic();
    for (const [id, { until }] of this.workers) if (until <= now) this.workers.delete(id);
  }
}
