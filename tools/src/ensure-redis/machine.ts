import { spawnSync } from 'node:child_process';
import { type RedisVersion, parseRedisVersion } from './redis-version';

/** The machine a program runs on, as far as it matters here. */
export interface Machine {
  /** Environment of the programs that are called, with the PATH they are looked for in. */
  readonly environment: NodeJS.ProcessEnv;
  /** Number of the user, 0 for root; undefined on systems that number none. */
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
