import type { RedisServer } from './redis-server';
import { startRedisServer } from './start-redis-server';
import { waitUntil } from './wait-until';

const MASTERS = 3;
const SLOTS = 16_384;

/** Options of a cluster. */
export interface ClusterOptions {
  /** Replicas of each of the three masters; 1 by default. */
  readonly replicas?: number;
  /** Milliseconds without an answer after which a node counts as failed; 1,000 by default. */
  readonly nodeTimeoutMs?: number;
  /** See `RedisServerOptions`. */
  readonly appendOnly?: boolean;
  /** Password for clients. None by default. */
  readonly password?: string;
  /** Additional arguments of every node. */
  readonly args?: readonly string[];
}

/** A slot that moves from its owner to another master. */
export interface SlotMove {
  readonly from: RedisServer;
  readonly to: RedisServer;
  /** Moves at most so many keys; returns the number of moved keys. */
  moveKeys(most: number): Promise<number>;
  /** Moves the rest, and makes the other master the owner at every node. */
  finish(): Promise<void>;
}

/** A real cluster of three masters and their replicas. {@link startRedisCluster} creates it. */
export class RedisCluster {
  constructor(
    /** Masters first, as they were at the start, then replicas. */
    readonly nodes: readonly RedisServer[],
    private readonly options: ClusterOptions,
  ) {}

  /** Address of all nodes, in the form of `REDIS_URL`. */
  get url(): string {
    const { password } = this.options;
    const access = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
    return `redis-cluster://${access}${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
  }

  /** The slot of a key. */
  async slotOf(key: string): Promise<number> {
    return Number(await this.anyNode().command('CLUSTER', 'KEYSLOT', key));
  }

  /** The master that has the slot of a key, for most running nodes. @throws Error without one */
  async ownerOf(key: string): Promise<RedisServer> {
    const slot = await this.slotOf(key);
    const ports = await Promise.all(this.running().map((node) => ownerPort(node, slot).catch(() => undefined)));
    const votes = (port: number | undefined): number => ports.filter((each) => each === port).length;
    const [port] = ports.filter((each) => each !== undefined).sort((a, b) => votes(b) - votes(a));
    const owner = this.nodes.find((node) => node.port === port);
    if (!owner) throw new Error(`No node has slot ${slot}`);
    return owner;
  }

  /** Masters that run and have slots, except for the owner of a key. */
  async otherMasters(key: string): Promise<readonly RedisServer[]> {
    const owner = await this.ownerOf(key);
    const roles = await Promise.all(
      this.running().map(async (node) => [node, ((await node.command('ROLE')) as readonly string[])[0]] as const),
    );
    return roles.flatMap(([node, role]) => (role === 'master' && node !== owner ? [node] : []));
  }

  /** A replica of a master, in step. @throws Error without one */
  async replicaOf(master: RedisServer): Promise<RedisServer> {
    for (const node of this.running()) {
      const role = (await node.command('ROLE')) as readonly (string | number)[];
      if (role[0] === 'slave' && role[2] === master.port && role[3] === 'connected') return node;
    }
    throw new Error(`No replica of ${master.port} is in step`);
  }

  /** Resolves once another node than this one has the slot of a key, for every running node, and accepts writes. */
  async ownerOtherThan(key: string, old: RedisServer): Promise<RedisServer> {
    const slot = await this.slotOf(key);
    await waitUntil('another owner', async () => {
      const owners = await Promise.all(this.running().map((node) => ownerPort(node, slot)));
      return new Set(owners).size === 1 && owners[0] !== undefined && owners[0] !== old.port;
    });
    return this.ownerOf(key);
  }

  /** Begins to move the slot of a key to another master: from now on its owner replies ASK for keys that it does not have. */
  async beginMove(key: string, to: RedisServer): Promise<SlotMove> {
    const slot = await this.slotOf(key);
    const from = await this.ownerOf(key);
    const [fromId, toId] = [await idOf(from), await idOf(to)];
    await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
    await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
    const auth = this.options.password === undefined ? [] : ['AUTH', this.options.password];
    const moveKeys = async (most: number): Promise<number> => {
      const keys = (await from.command('CLUSTER', 'GETKEYSINSLOT', slot, most)) as readonly string[];
      if (keys.length > 0) await from.command('MIGRATE', '127.0.0.1', to.port, '', 0, 5_000, ...auth, 'KEYS', ...keys);
      return keys.length;
    };
    const finish = async (): Promise<void> => {
      while ((await moveKeys(100)) > 0);
      // The new owner first: while a slot has no owner, all its keys are refused.
      for (const node of [to, from]) await node.command('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
      await this.settled();
    };
    return { from, to, moveKeys, finish };
  }

  /** Resolves once every running node sees the cluster as complete, all agree on running owners, and replicas are in step. */
  async settled(): Promise<void> {
    await waitUntil('a whole cluster', async () => {
      const views = await Promise.all(this.running().map(viewOf));
      const ports = this.running().map(({ port }) => port);
      const [first] = views;
      return views.every(
        ({ isWhole, owners, ownerPorts }) =>
          isWhole && owners === first?.owners && ownerPorts.every((port) => ports.includes(port)),
      );
    });
  }

  /** Stops all nodes, running or paused. */
  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  private running(): readonly RedisServer[] {
    return this.nodes.filter((node) => node.serving);
  }

  private anyNode(): RedisServer {
    const [node] = this.running();
    if (!node) throw new Error('No node of the cluster runs');
    return node;
  }
}

/**
 * Starts a cluster of three masters, which share the slots evenly, and replicas of each, on free ports of 127.0.0.1, and waits until all agree.
 * @throws Error as `startRedisServer` does, and when they do not agree within 30 s
 */
export async function startRedisCluster(options: ClusterOptions = {}): Promise<RedisCluster> {
  const { replicas = 1, nodeTimeoutMs = 1_000, appendOnly = false, password, args = [] } = options;
  const started: RedisServer[] = [];
  const clusterArgs = [
    ...['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
    ...['--cluster-node-timeout', String(nodeTimeoutMs), '--repl-diskless-sync-delay', '0'],
    // A replica that was cut off for a time may take over, too: there is no other.
    ...['--cluster-replica-validity-factor', '0'],
    ...(password === undefined ? [] : ['--masterauth', password]),
    ...args,
  ];
  const access = password === undefined ? {} : { password };
  const start = async (): Promise<RedisServer> => {
    const node = await startRedisServer({ appendOnly, ...access, args: clusterArgs });
    started.push(node);
    return node;
  };
  try {
    const nodes = await Promise.all(Array.from({ length: MASTERS * (1 + replicas) }, start));
    const cluster = new RedisCluster(nodes, options);
    await join(nodes);
    await cluster.settled();
    return cluster;
  } catch (problem) {
    await Promise.all(started.map((node) => node.stop()));
    throw problem;
  }
}

async function join(nodes: readonly RedisServer[]): Promise<void> {
  const [first] = nodes;
  if (!first) return;
  const width = Math.ceil(SLOTS / MASTERS);
  for (const [index, node] of nodes.entries()) {
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
    if (index < MASTERS)
      await node.command('CLUSTER', 'ADDSLOTSRANGE', index * width, Math.min((index + 1) * width, SLOTS) - 1);
    if (node !== first) await first.command('CLUSTER', 'MEET', '127.0.0.1', node.port);
  }
  await waitUntil('nodes that know one another', async () => {
    const views = await Promise.all(nodes.map(viewOf));
    return views.every(({ known }) => known === nodes.length);
  });
  const ids = await Promise.all(nodes.slice(0, MASTERS).map(idOf));
  for (const [index, node] of nodes.slice(MASTERS).entries()) {
    // A master is known by its address a moment before it is known as a master.
    await waitUntil('a master to replicate', async () => {
      await node.command('CLUSTER', 'REPLICATE', ids[index % MASTERS] ?? '');
      return true;
    });
  }
}

async function idOf(node: RedisServer): Promise<string> {
  return String(await node.command('CLUSTER', 'MYID'));
}

async function ownerPort(node: RedisServer, slot: number): Promise<number | undefined> {
  const ranges = (await node.command('CLUSTER', 'SLOTS')) as readonly [number, number, [string, number]][];
  return ranges.find(([first, last]) => first <= slot && slot <= last)?.[2][1];
}

interface View {
  /** Whether the node sees the cluster as complete, and is in step with its master, if it is a replica. */
  readonly isWhole: boolean;
  readonly known: number;
  /** Slots and owners, as text. */
  readonly owners: string;
  readonly ownerPorts: readonly number[];
}

async function viewOf(node: RedisServer): Promise<View> {
  const info = String(await node.command('CLUSTER', 'INFO')).split('\r\n');
  const replication = String(await node.command('INFO', 'replication')).split('\r\n');
  const ranges = (await node.command('CLUSTER', 'SLOTS')) as readonly [number, number, [string, number]][];
  const owned = ranges.map(([first, last, [, port]]) => [first, last, port] as const).sort(([a], [b]) => a - b);
  const isInStep = replication.includes('role:master') || replication.includes('master_link_status:up');
  return {
    isWhole: info.includes('cluster_state:ok') && isInStep,
    known: Number(info.find((line) => line.startsWith('cluster_known_nodes:'))?.split(':')[1]),
    owners: JSON.stringify(owned),
    ownerPorts: owned.map(([, , port]) => port),
  };
}
