import { type RedisServer, startRedisServer } from '@smart-support/testing';
import type { RedisLink } from '../connection/redis-link';
import { Domain, openLink } from './domain';

/**
 * Gives the tests of a file one server, and a link to it, from before the first to after the last of them.
 * @returns makes a routing domain on that server, empty at first; to be called in tests and in their hooks
 */
export function useDomains(): () => Domain {
  let server: RedisServer;
  let link: RedisLink;
  beforeAll(async () => {
    server = await startRedisServer();
    link = await openLink(server);
  });
  afterAll(async () => {
    link?.close();
    await server?.stop();
  });
  return () => new Domain(server, link);
}
