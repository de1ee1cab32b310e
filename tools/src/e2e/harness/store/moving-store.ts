import { setTimeout as sleep } from 'node:timers/promises';
import {
  type RedisCluster,
  type RedisServer,
  type RedisWithSentinels,
  startRedisCluster,
  startRedisWithSentinels,
} from '@smart-support/testing';
import { Redis } from 'ioredis';
import { DEFAULT_PREFIX } from '../store-reader';
import { followingConnector } from './following-connector';
import { SurvivingHistory } from '../history/surviving-history';

/** How a master of Redis goes: by SIGKILL, on request (`SENTINEL FAILOVER`, `CLUSTER FAILOVER`), or by SIGSTOP. */
export type FailoverCause = 'kill' | 'demote' | 'freeze';

/** Any key of the domain. */
const KEY = `{${DEFAULT_PREFIX}}:probe`;

/** Keys moved at a time, and the pause after them: a slot that takes its time. */
const KEYS_AT_ONCE = 200;
const MOVE_PAUSE_MS = 20;

/** Servers keep enough of the stream for a replica that was away, and do not mind a reader that confirms nothing. */
const SERVER_ARGS = ['--appendfsync', 'everysec', '--repl-backlog-size', '64mb', '--repl-timeout', '3600'];

/** Redis as several servers, of which one has the domain; which one changes. */
export class MovingStore {
  readonly history: SurvivingHistory;
  /** The tool's own connection to the server that has the domain. */
  readonly own: Redis;
  private master: RedisServer;

  private constructor(
    private readonly servers: RedisWithSentinels | RedisCluster,
    master: RedisServer,
    onCommand: (command: readonly string[]) => void,
  ) {
    this.master = master;
    this.history = new SurvivingHistory(onCommand);
    const Connector = followingConnector(() => this.master.port);
    this.own = new Redis({ Connector, maxRetriesPerRequest: 0, retryStrategy: () => 100 });
    this.own.on('error', () => undefined);
  }

  /** Starts the servers of a topology. @param onCommand - called with every write that survived every failover, in the end */
  static async start(
    topology: 'sentinel' | 'cluster',
    onCommand: (command: readonly string[]) => void,
  ): Promise<MovingStore> {
    const options = { appendOnly: true, args: SERVER_ARGS };
    const servers = topology === 'sentinel' ? await startRedisWithSentinels(options) : await startRedisCluster(options);
    const master = 'sentinels' in servers ? await servers.master() : await servers.ownerOf(KEY);
    const store = new MovingStore(servers, master, onCommand);
    await store.history.begin(master);
    return store;
  }

  /** As `REDIS_URL` takes it. */
  get url(): string {
    return this.servers.url;
  }

  /**
   * Another server takes over; the old one comes back after a time and becomes a replica.
   * @param awayMs - for how long it stays away once it is replaced
   */
  async failOver(how: FailoverCause, awayMs: number): Promise<void> {
    await this.servers.settled();
    const old = this.master;
    if (how === 'kill') await old.kill();
    else if (how === 'freeze') old.pause();
    else await this.demote(old);
    await this.follow(old);
    await sleep(awayMs);
    if (how === 'kill') await old.restart();
    else old.resume();
    await this.servers.settled();
  }

  /** Moves the domain's slot to another node of the cluster. */
  async reshard(): Promise<void> {
    const { servers } = this;
    if (!('beginMove' in servers)) throw new Error('Only a cluster has slots');
    await servers.settled();
    const from = this.master;
    const [to] = await servers.otherMasters(KEY);
    if (!to) throw new Error('There is no other master');
    await this.history.followMove(to, from, async () => {
      const move = await servers.beginMove(KEY, to);
      while ((await move.moveKeys(KEYS_AT_ONCE)) > 0) await sleep(MOVE_PAUSE_MS);
      await move.finish();
    });
    this.moveTo(to);
  }

  /** Takes everything that was written up to now for what survived. */
  async conclude(): Promise<void> {
    await this.history.conclude(this.master);
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    this.history.close();
    this.own.disconnect();
    await this.servers.stop();
  }

  private async demote(old: RedisServer): Promise<void> {
    const { servers } = this;
    if ('sentinels' in servers) await servers.failover();
    else await (await servers.replicaOf(old)).command('CLUSTER', 'FAILOVER');
  }

  private async follow(old: RedisServer): Promise<void> {
    const { servers } = this;
    const next = 'sentinels' in servers ? await servers.masterOtherThan(old) : await servers.ownerOtherThan(KEY, old);
    await this.history.followFailover(next);
    this.moveTo(next);
  }

  private moveTo(master: RedisServer): void {
    this.master = master;
    this.own.disconnect(true);
  }
}
