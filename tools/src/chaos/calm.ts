import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from './cast/stage';
import { CHAOS_ROSTER } from './cast/roster';

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
  /** Dead letters that there will be. */
  readonly poison: number;
  /** Whether to wait no longer. */
  readonly isOver: () => boolean;
  /** Told at every look what is left, by where it is. */
  readonly onLeft: (left: ReadonlyMap<string, number>) => void;
}

/**
 * Waits until nothing is left to do: no ticket queued, in work, in line or with an agent, no alert undelivered, and all poison dead.
 * @returns what is still there when nothing has changed for 90 s; empty if all is calm
 */
export async function waitForCalm(
  { store, agents, crew }: Stage,
  { poison, isOver, onLeft }: CalmOptions,
): Promise<ReadonlyMap<string, number>> {
  const ids = CHAOS_ROSTER.map(({ id }) => id);
  let calmLooks = 0;
  let last = '';
  let lastChange = Date.now();
  for (;;) {
    crew.check();
    const left = new Map<string, number>();
    try {
      for (const [name, size] of await store.sizes(ids)) {
        const count = name === 'dead' ? Math.max(0, poison - size) : size;
        if (count > 0) left.set(name === 'dead' ? 'poison alive' : name, count);
      }
    } catch {
      left.set('Redis away', 1);
    }
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
