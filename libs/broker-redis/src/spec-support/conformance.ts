import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type BrokerFactory, describeBrokerConformance } from '@smart-support/testing';
import { openBroker } from './brokers';

/** Fewer than elsewhere: here time is real. */
const RANDOM_SEQUENCES = 8;

/** The store of the suite: a server, or several that are one store. */
interface Store {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The suite that every broker passes, on a store of its own. Each kind of store has its own spec file, so that they run in parallel.
 * @param waitReplicas - how many replicas must confirm
 */
export function describeConformanceOn(kind: string, start: () => Promise<Store>, waitReplicas = 0): void {
  describe(`on ${kind}`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await start();
    }, 60_000);
    afterAll(() => store?.stop());

    const factory: BrokerFactory = async ({ options: settings, random }) => {
      const broker = await openBroker(store, `test-${randomUUID()}`, settings, { random }, waitReplicas);
      // The store has its own clock, not that of this process.
      const lead = async (): Promise<void> => {
        const leader = broker.leadSweeps(5);
        await setTimeout(50);
        await leader.stop();
      };
      return { broker, advance: (ms) => setTimeout(ms), lead };
    };

    describeBrokerConformance('the Redis broker', factory, RANDOM_SEQUENCES);
  });
}
