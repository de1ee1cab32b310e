import { setTimeout as sleep } from 'node:timers/promises';
import type { Agents } from './agents';
import type { WorkerCrew } from './worker-crew';

/** Looks in a row that must find nothing left. */
const CALM_LOOKS = 3;
const LOOK_MS = 500;
/**
 * When nothing has changed for so long, nothing will: longer than a webhook whose sender was killed is leased (30 s), and than the wait
 * after its second bad try (25 s).
 */
const PATIENCE_MS = 90_000;

/** How to wait. */
export interface CalmOptions {
  readonly crew: Pick<WorkerCrew, 'check'>;
  readonly agents: Pick<Agents, 'inHandCount' | 'completedCount'>;
  /** What is left in the shared store, by where it is; rejects while it is away. */
  readonly left: () => Promise<ReadonlyMap<string, number>>;
  /** Whether to wait no longer. */
  readonly isOver: () => boolean;
  /** Told at every look what is left, by where it is. */
  readonly onLeft: (left: ReadonlyMap<string, number>) => void;
}

/**
 * Waits until nothing is left to do: nothing in the store, and nothing in the hands of agents.
 * @returns what is still there when nothing has changed for 90 s; empty if all is calm
 */
export async function waitForCalm({
  crew,
  agents,
  left: leftInStore,
  isOver,
  onLeft,
}: CalmOptions): Promise<ReadonlyMap<string, number>> {
  let calmLooks = 0;
  let last = '';
  for (let lastChange = Date.now(); ;) {
    crew.check();
    const left = new Map(await leftInStore().catch(() => [['Redis away', 1]] as const));
    if (agents.inHandCount > 0) left.set('in the hands of agents', agents.inHandCount);
    onLeft(left);
    calmLooks = left.size === 0 ? calmLooks + 1 : 0;
    const seen = JSON.stringify([...left, agents.completedCount]);
    if (seen !== last) lastChange = Date.now();
    last = seen;
    if (calmLooks >= CALM_LOOKS || isOver() || Date.now() - lastChange > PATIENCE_MS) return left;
    await sleep(LOOK_MS);
  }
}
