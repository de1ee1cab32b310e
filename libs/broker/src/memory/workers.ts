import type { Clock, WorkerStatus, Workers } from '@smart-support/contracts';

/** The workers that announced themselves, in memory. */
export class MemoryWorkers implements Workers {
  private readonly workers = new Map<string, { readonly status: WorkerStatus; readonly until: number }>();

  constructor(private readonly clock: Clock) {}

  /** See {@link Workers}. */
  async announce(status: WorkerStatus, ttlMs: number): Promise<void> {
    this.dropExpired();
    this.workers.set(status.worker_id, { status: { ...status }, until: this.clock.monotonic() + ttlMs });
  }

  /** See {@link Workers}. */
  async leave(workerId: string): Promise<void> {
    this.workers.delete(workerId);
  }

  /** See {@link Workers}. */
  async list(): Promise<WorkerStatus[]> {
    this.dropExpired();
    return [...this.workers.values()]
      .map(({ status }) => ({ ...status }))
      .sort((a, b) => (a.worker_id < b.worker_id ? -1 : 1));
  }

  private dropExpired(): void {
    const now = this.clock.monotonic();
    for (const [id, { until }] of this.workers) if (until <= now) this.workers.delete(id);
  }
}
