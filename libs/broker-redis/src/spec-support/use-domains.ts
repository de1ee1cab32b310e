import { type RedisServer, startRedisServer } from '@smart-support/testing';
import type { RedisLink } from '../connection/redis-link';
import { Domain, openLink } from './domain';

/**
 * Starts one server and a link to it for the tests of a file.
 * @returns creates an empty routing domain on that server; to be called in tests and their hooks
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
