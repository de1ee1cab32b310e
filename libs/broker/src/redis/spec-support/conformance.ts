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

/**
 * The suite that every broker passes, with a server of its own. Kinds of servers stand in spec files of their own, to run side by side.
 * @param userOf - makes a user of the server for the broker; by default it is the one who may do everything
 */
export function describeConformanceOn(
  kind: string,
  options: NonNullable<Parameters<typeof startRedisServer>[0]>,
  userOf: (server: RedisServer) => Promise<Pick<RedisServer, 'url'>> = async (server) => server,
): void {
  describe(`on ${kind}`, () => {
    let server: RedisServer;
    let user: Pick<RedisServer, 'url'>;
    beforeAll(async () => {
      server = await startRedisServer(options);
      user = await userOf(server);
    });
    afterAll(() => server?.stop());

    const factory: BrokerFactory = async ({ options: settings, random }) => {
      const broker = await openBroker(user, `test-${randomUUID()}`, settings, { random });
      // The store keeps the time, not this process.
      return { broker, advance: (ms) => setTimeout(ms) };
    };

    describeBrokerConformance('the Redis broker', factory, RANDOM_DAYS);
  });
}
