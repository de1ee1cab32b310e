import { spawnSync } from 'node:child_process';
import { type RedisVersion, parseRedisVersion } from './redis-version';

/** The relevant part of the machine. */
export interface Machine {
  /** Environment of the called programs, with the PATH to find them. */
  readonly environment: NodeJS.ProcessEnv;
  /** Number of the user, 0 for root; undefined on systems without user numbers. */
  readonly uid: number | undefined;
}

/** The machine this program runs on. */
export function thisMachine(): Machine {
  return { environment: process.env, uid: process.getuid?.() };
}

/** The version of the redis-server on the PATH; undefined when there is none that runs. */
export function findRedis({ environment }: Machine): RedisVersion | undefined {
  const { status, stdout } = spawnSync('redis-server', ['--version'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  return status === 0 ? parseRedisVersion(stdout) : undefined;
}
