import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  type BrokerFactory,
  type RedisServer,
  describeBrokerConformance,
  startRedisServer,
} from '@smart-support/testing';
import { openBroker } from './brokers';

/** Fewer than elsewhere: here time is real. */
const RANDOM_DAYS = 8;

/** The suite that every broker passes, with a server of its own. Kinds of servers stand in spec files of their own, to run side by side. */
export function describeConformanceOn(
  kind: string,
  options: NonNullable<Parameters<typeof startRedisServer>[0]>,
): void {
  describe(`on ${kind}`, () => {
    let server: RedisServer;
    beforeAll(async () => {
      server = await startRedisServer(options);
    });
    afterAll(() => server?.stop());

    const factory: BrokerFactory = async ({ options: settings, random }) => {
      const broker = await openBroker(server, `test-${randomUUID()}`, settings, { random });
      // The store keeps the time, not this process.
      const lead = async (): Promise<void> => {
        const leader = broker.leadSweeps(5);
        await setTimeout(50);
        await leader.stop();
      };
      return { broker, advance: (ms) => setTimeout(ms), lead };
    };

    describeBrokerConformance('the Redis broker', factory, RANDOM_DAYS);
  });
}
