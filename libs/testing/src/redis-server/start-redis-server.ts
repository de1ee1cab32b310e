import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './free-port';
import { PortTaken } from './redis-process';
import { RedisServer } from './redis-server';
import { ProcessReaper } from './process-reaper';

/** Options of a server. */
export interface RedisServerOptions {
  /** Keeps every write over a restart, however the server ended (append-only file, fsync on every write). Off by default. */
  readonly appendOnly?: boolean;
  /** One node of a cluster that owns all slots: keys of one command must share a hash tag. Redis takes 2 s to start that way. */
  readonly clusterEnabled?: boolean;
  /** A free port by default. */
  readonly port?: number;
  /** Password for clients. None by default. */
  readonly password?: string;
  /** Runs it as a sentinel with this configuration, which it updates itself. */
  readonly sentinelConfig?: string;
  /** Additional arguments, such as `['--maxmemory', '2mb']`. They have precedence over those of the other options. */
  readonly args?: readonly string[];
  /** The program to run: a name on the PATH or a file. */
  readonly program?: string;
}

/** Attempts to find a free port: another process may take it first. */
const MOST_TRIES = 10;

/**
 * Starts a real `redis-server` on 127.0.0.1, in a temporary directory, empty, and waits until it answers.
 * When the test process dies, the server ends and its directory is removed.
 *
 * A start takes tens of milliseconds (2 s as a cluster), so the tests of one file share a server and empty it in between:
 *
 * ```ts
 * let redis: RedisServer;
 * beforeAll(async () => {
 *   redis = await startRedisServer();
 * }, 30_000);
 * beforeEach(() => redis.command('FLUSHALL'));
 * afterAll(() => redis?.stop());
 * ```
 *
 * A test that kills, pauses or restarts a server starts one of its own.
 * @throws Error when no redis-server is installed (the message names the package), the given port is taken, or it does
 * not come up within 20 s (the message ends with its log)
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'smart-support-redis-'));
  const reaper = new ProcessReaper(directory);
  try {
    for (let tries = 1; ; tries += 1) {
      try {
        return await startOn(options.port ?? (await findFreePort()), directory, options, reaper);
      } catch (problem) {
        if (!(problem instanceof PortTaken) || options.port !== undefined || tries === MOST_TRIES) throw problem;
      }
    }
  } catch (problem) {
    await rm(directory, { recursive: true, force: true });
    await reaper.close();
    throw problem;
  }
}

function startOn(
  port: number,
  directory: string,
  options: RedisServerOptions,
  reaper: ProcessReaper,
): Promise<RedisServer> {
  const { clusterEnabled = false, password, args = [], program = 'redis-server', sentinelConfig } = options;
  const started = { program, directory, port, password, cluster: clusterEnabled };
  if (sentinelConfig === undefined)
    return RedisServer.start({ ...started, args: [...dataArguments(port, directory, options), ...args] }, reaper);
  const file = join(directory, 'sentinel.conf');
  writeFileSync(file, sentinelConfig);
  const settings = ['--sentinel', '--bind', '127.0.0.1', '--port', String(port), '--dir', directory];
  if (password !== undefined) settings.push('--requirepass', password);
  return RedisServer.start({ ...started, args: [file, ...settings, ...args] }, reaper);
}

function dataArguments(
  port: number,
  directory: string,
  { appendOnly = false, clusterEnabled = false, password }: RedisServerOptions,
): string[] {
  const settings = {
    bind: '127.0.0.1',
    port,
    dir: directory,
    save: '',
    appendonly: appendOnly ? 'yes' : 'no',
    appendfsync: 'always',
    ...(password === undefined ? {} : { requirepass: password }),
    // Without an announced address, cluster clients get a node without one.
    ...(clusterEnabled ? { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' } : {}),
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
}
