import { availableParallelism } from 'node:os';
import type { Config } from '@smart-support/config';

/** A sweep that is due sooner than this is not worth its commands. */
const SHORTEST_SWEEP_MS = 200;

/** Longest interval between two sweeps, however long the leases are. */
const LONGEST_SWEEP_MS = 5000;

/**
 * Tickets in work at once. One more than inference threads (one a core unless set), so that a thread that becomes free finds the next
 * text there.
 */
export function ticketsAtOnce({ worker, models }: Config): number {
  return worker.concurrency ?? (models.threads ?? availableParallelism()) + 1;
}

/** Milliseconds between two looks for tickets of vanished workers: a third of the lease, within reason. */
export function sweepIntervalMs(leaseMs: number): number {
  return Math.min(LONGEST_SWEEP_MS, Math.max(SHORTEST_SWEEP_MS, leaseMs / 3));
}
