import { setTimeout as sleep } from 'node:timers/promises';
import type { Agents } from './agents';
import type { WorkerPool } from './worker-pool';

/** Looks in a row that must find nothing left. */
const IDLE_LOOKS = 3;
const LOOK_MS = 500;
/**
 * When nothing has changed for so long, nothing will: longer than a webhook whose sender was killed is leased (30 s), and than the wait
 * after its second bad try (25 s).
 */
const PATIENCE_MS = 90_000;

/** How to wait. */
export interface IdleOptions {
  readonly workerPool: Pick<WorkerPool, 'throwIfFailed'>;
  readonly agents: Pick<Agents, 'inFlightCount' | 'completedCount'>;
  /** What is left in the shared store, by where it is; rejects while it is away. */
  readonly left: () => Promise<ReadonlyMap<string, number>>;
  /** Whether to stop waiting. */
  readonly isStopped: () => boolean;
  /** Called at every look with what is left, by where it is. */
  readonly onLeft: (left: ReadonlyMap<string, number>) => void;
}

/**
 * Waits until nothing is left to do: nothing in the store, and no completion in flight.
 * @returns what is still there when nothing has changed for 90 s; empty if it is idle
 */
export async function waitUntilIdle({
  workerPool,
  agents,
  left: leftInStore,
  isStopped,
  onLeft,
}: IdleOptions): Promise<ReadonlyMap<string, number>> {
  let idleLooks = 0;
  let last = '';
  for (let lastChange = Date.now(); ;) {
    workerPool.throwIfFailed();
    const left = new Map(await leftInStore().catch(() => [['Redis away', 1]] as const));
    // Completions in flight are no progress: agents try a ticket that stays open again and again.
    const seen = JSON.stringify([...left, agents.completedCount]);
    if (agents.inFlightCount > 0) left.set('completions in flight', agents.inFlightCount);
    onLeft(left);
    idleLooks = left.size === 0 ? idleLooks + 1 : 0;
    if (seen !== last) lastChange = Date.now();
    last = seen;
    if (idleLooks >= IDLE_LOOKS || isStopped() || Date.now() - lastChange > PATIENCE_MS) return left;
    await sleep(LOOK_MS);
  }
}
