import * as fc from 'fast-check';
import { BrokerModel } from './broker-model';
import { randomCommands } from './random-commands';
import type { OpenHarness } from './broker-harness';

/** Milliseconds after which no further sequence begins. */
const MOST_MS = 45_000;

/** The invariants of a broker, checked after every step of many random command sequences. */
export function describeRandomCommands(open: OpenHarness, runs: number): void {
  it('loses no ticket, keeps every load right and lets no ticket wait while an agent is free, in any sequence of commands', async () => {
    const start = performance.now();
    await fc.assert(
      fc.asyncProperty(randomCommands, async (steps) => {
        // A slow machine checks fewer sequences instead of failing at Jest's limit; one that hangs still fails there.
        if (performance.now() - start > MOST_MS) return;
        const model = new BrokerModel(await open());
        for (const step of steps) await model.apply(step);
        await model.finishAll();
      }),
      { numRuns: runs },
    );
  });
}
