import { type RedisServer, startRedisServer } from '@smart-support/testing';

/** What every figure about Redis is measured with: what the compose file sets. A rewrite of the file would hit one side only. */
export const PERSISTENCE = 'append-only file, fsync every second';

const SETTINGS = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--auto-aof-rewrite-percentage', '0'];

/** Gives a server of its own to some work, with {@link PERSISTENCE}. */
export async function withRedis<Result>(work: (server: RedisServer) => Promise<Result>): Promise<Result> {
  const server = await startRedisServer({ args: SETTINGS });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}
