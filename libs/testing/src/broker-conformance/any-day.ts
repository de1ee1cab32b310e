import * as fc from 'fast-check';
import { Department } from './department';
import { randomDay } from './random-days';
import type { OpenScene } from './scene';

/** The promises that must hold whatever happens, checked after every step of many random days. */
export function describeAnyDay(open: OpenScene, runs: number): void {
  it('loses no ticket, keeps every load right and lets nobody wait in vain, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(randomDay, async (steps) => {
        const department = new Department(await open());
        for (const step of steps) await department.live(step);
        await department.closeUp();
      }),
      { numRuns: runs },
    );
  });
}
