import type { RedisServer } from './redis-server';
import { startRedisServer } from './start-redis-server';
import { waitUntil } from './wait-until';

const MASTER_NAME = 'mymaster';
const SENTINELS = 3;

/** Options of the servers. */
export interface SentinelOptions {
  /** Replicas of the first master; 2 by default. */
  readonly replicas?: number;
  /** Milliseconds without an answer after which a master counts as failed; 1,000 by default. */
  readonly downAfterMs?: number;
  /** See `RedisServerOptions`. */
  readonly appendOnly?: boolean;
  /** Password for clients of a master or replica. None by default. */
  readonly password?: string;
  /** Password for clients of a sentinel. None by default. */
  readonly sentinelPassword?: string;
  /** Additional arguments of masters and replicas. */
  readonly args?: readonly string[];
}

/** A real master, its replicas and the three sentinels that watch them. {@link startRedisWithSentinels} creates it. */
export class RedisWithSentinels {
  constructor(
    /** Master and replicas, in the order of their start: the first was the master then. */
    readonly servers: readonly RedisServer[],
    readonly sentinels: readonly RedisServer[],
    private readonly options: SentinelOptions,
  ) {}

  /** Address of all sentinels and the master's name, in the form of `REDIS_URL`. */
  get url(): string {
    const { password, sentinelPassword } = this.options;
    const access = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
    const query = sentinelPassword === undefined ? '' : `?sentinelPassword=${encodeURIComponent(sentinelPassword)}`;
    return `redis-sentinel://${access}${this.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${MASTER_NAME}${query}`;
  }

  /** The master that most of the answering sentinels name. @throws Error when none answers */
  async master(): Promise<RedisServer> {
    const answers = await Promise.allSettled(
      this.sentinels.map((sentinel) => sentinel.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER_NAME)),
    );
    const ports = answers.flatMap((answer) =>
      answer.status === 'fulfilled' ? [Number((answer.value as readonly string[])[1])] : [],
    );
    const votes = (port: number): number => ports.filter((each) => each === port).length;
    const [port] = ports.sort((a, b) => votes(b) - votes(a));
    const master = this.servers.find((server) => server.port === port);
    if (!master) throw new Error('No sentinel names a master');
    return master;
  }

  /**
   * Makes a replica take over from a working master (`SENTINEL FAILOVER`), and resolves once a sentinel names it. On a busy machine sentinels abort a
   * failover if a replica is slow: then the command is repeated.
   * @throws Error when none was carried out within 30 s
   */
  async failover(): Promise<void> {
    const old = await this.master();
    const sentinel = this.sentinels.find(({ serving }) => serving);
    await waitUntil('a failover that is carried out', async () => {
      if ((await this.master()) !== old) return true;
      const facts = (await sentinel?.command('SENTINEL', 'MASTER', MASTER_NAME)) as readonly string[];
      const isUnderWay = facts[facts.indexOf('flags') + 1]?.includes('failover_in_progress') ?? false;
      if (!isUnderWay) await sentinel?.command('SENTINEL', 'FAILOVER', MASTER_NAME);
      return false;
    });
  }

  /** Resolves once another server than this one is the master, for every sentinel, and accepts writes. */
  async masterOtherThan(old: RedisServer): Promise<RedisServer> {
    await waitUntil('another master', async () => {
      const answers = await Promise.all(
        this.sentinels
          .filter(({ serving }) => serving)
          .map((sentinel) => sentinel.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER_NAME)),
      );
      const ports = new Set(answers.map((answer) => Number((answer as readonly string[])[1])));
      const server = await this.master();
      return ports.size === 1 && server !== old && (await roleOf(server)) === 'master';
    });
    return this.master();
  }

  /** Resolves once every running server is the master or a replica of it that is in step, for the sentinels too. */
  async settled(): Promise<void> {
    const running = this.servers.filter((server) => server.serving);
    await waitUntil('every server in its place', async () => {
      const master = await this.master();
      const others = running.filter((server) => server !== master);
      if (!running.includes(master) || (await replicasInStep(master)) < others.length) return false;
      for (const server of others) if ((await roleOf(server)) !== 'slave') return false;
      for (const sentinel of this.sentinels.filter((each) => each.serving)) {
        const flat = (await sentinel.command('SENTINEL', 'MASTER', MASTER_NAME)) as readonly string[];
        const fact = (name: string): string => flat[flat.indexOf(name) + 1] ?? '';
        if (Number(fact('port')) !== master.port || fact('flags') !== 'master') return false;
        if (Number(fact('num-other-sentinels')) < SENTINELS - 1) return false;
        const replicas = (await sentinel.command('SENTINEL', 'REPLICAS', MASTER_NAME)) as readonly string[][];
        const inStep = replicas.filter((facts) => facts[facts.indexOf('flags') + 1] === 'slave');
        if (inStep.length < others.length) return false;
      }
      return true;
    });
  }

  /** Stops all servers, running or paused. */
  async stop(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.servers].map((server) => server.stop()));
  }
}

/**
 * Starts a master, replicas and three sentinels on free ports of 127.0.0.1, and waits until all know one another.
 * @throws Error as `startRedisServer` does, and when they do not find one another within 30 s
 */
export async function startRedisWithSentinels(options: SentinelOptions = {}): Promise<RedisWithSentinels> {
  const { replicas = 2, downAfterMs = 1_000, appendOnly = false, password, sentinelPassword, args = [] } = options;
  const started: RedisServer[] = [];
  const start = async (settings: Parameters<typeof startRedisServer>[0]): Promise<RedisServer> => {
    const server = await startRedisServer(settings);
    started.push(server);
    return server;
  };
  const access = password === undefined ? {} : { password };
  // Replicas get the data at once, not after a pause in which more of them might connect.
  const common = [
    '--repl-diskless-sync-delay',
    '0',
    ...(password === undefined ? [] : ['--masterauth', password]),
    ...args,
  ];
  try {
    const master = await start({ appendOnly, ...access, args: common });
    const replicaOf = ['--replicaof', `127.0.0.1 ${master.port}`];
    const others = await Promise.all(
      Array.from({ length: replicas }, () => start({ appendOnly, ...access, args: [...common, ...replicaOf] })),
    );
    const sentinelConfig = [
      `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${master.port} 2`,
      `sentinel down-after-milliseconds ${MASTER_NAME} ${downAfterMs}`,
      `sentinel failover-timeout ${MASTER_NAME} 10000`,
      `sentinel parallel-syncs ${MASTER_NAME} ${Math.max(1, replicas)}`,
      ...(password === undefined ? [] : [`sentinel auth-pass ${MASTER_NAME} ${password}`]),
      ...(sentinelPassword === undefined ? [] : [`sentinel sentinel-pass ${sentinelPassword}`]),
      '',
    ].join('\n');
    const sentinelAccess = sentinelPassword === undefined ? {} : { password: sentinelPassword };
    const sentinels = await Promise.all(
      Array.from({ length: SENTINELS }, () => start({ ...sentinelAccess, sentinelConfig })),
    );
    const topology = new RedisWithSentinels([master, ...others], sentinels, options);
    await topology.settled();
    return topology;
  } catch (problem) {
    await Promise.all(started.map((server) => server.stop()));
    throw problem;
  }
}

async function roleOf(server: RedisServer): Promise<string> {
  const [role] = (await server.command('ROLE')) as readonly string[];
  return role ?? '';
}

async function replicasInStep(master: RedisServer): Promise<number> {
  const info = String(await master.command('INFO', 'replication'));
  return info.split('\r\n').filter((line) => /^slave\d+:ip=[^,]*,port=[1-9]\d*,state=online,/.test(line)).length;
}
