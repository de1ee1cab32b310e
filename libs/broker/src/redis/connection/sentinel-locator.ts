import type { HostAndPort, RedisTarget } from '@smart-support/contracts';
import { Redis } from 'ioredis';
import { ASKING, type NodeAccess, askNode } from './ask-node';
import type { MasterLocator } from './master-locator';
import { plainError } from './store-errors';

/** Published by the sentinel that leads a failover before any server is changed, and by each sentinel once it knows the new master. */
const EVENTS = ['+try-failover', '+switch-master'] as const;

const RECONNECT_MS = 1_000;
/** A dead connection to a sentinel, which says nothing by itself for days, is found by the system. */
const KEEP_ALIVE_MS = 10_000;

/** What one sentinel says. */
interface Opinion {
  readonly master: HostAndPort;
  readonly epoch: number;
  readonly isFailingOver: boolean;
  /** Where it sends clients: during a failover the promoted replica, as soon as there is one. */
  readonly current: HostAndPort;
}

/** The same, as a sentinel of a target. */
type SentinelTarget = Extract<RedisTarget, { topology: 'sentinel' }>;

/**
 * Finds the master that sentinels watch, and follows what they publish. While one of them leads a failover and has promoted no replica yet, there is
 * no answer: what a master takes after its replacement was chosen is lost, also where a replica confirmed it.
 */
export class SentinelLocator implements MasterLocator {
  private readonly access: NodeAccess;
  private readonly subscribers: readonly Redis[];
  private current: HostAndPort | undefined;

  /** @param onReplaced - called with the reason when the master that was located last is being replaced */
  constructor(
    private readonly target: SentinelTarget,
    private readonly onReplaced: (reason: Error) => void,
  ) {
    const { sentinelUsername: username, sentinelPassword: password, tls } = target;
    this.access = {
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(tls ? { tls: {} } : {}),
    };
    this.subscribers = target.sentinels.map((sentinel) => this.subscribe(sentinel));
  }

  /** Asks all sentinels; of several answers that of the latest failover counts. */
  async locate(): Promise<HostAndPort> {
    const { sentinels, masterName } = this.target;
    const answers = await Promise.allSettled(sentinels.map((sentinel) => this.ask(sentinel)));
    const opinions = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const leading = opinions.find(({ isFailingOver }) => isFailingOver);
    if (leading && isSame(leading.current, leading.master))
      throw new Error(`A failover of "${masterName}" is in progress, and no replica is promoted yet`);
    const [latest] = opinions.sort((a, b) => b.epoch - a.epoch);
    if (!latest) throw new Error(`No sentinel names a master "${masterName}": ${reasonIn(answers)}`);
    this.current = (leading ?? latest).current;
    return this.current;
  }

  /** A master that sentinels watch refers to no other. */
  suggest(): void {
    // See above.
  }

  /** See {@link MasterLocator}. */
  close(): void {
    for (const subscriber of this.subscribers) subscriber.disconnect();
  }

  private ask(sentinel: HostAndPort): Promise<Opinion> {
    const { masterName } = this.target;
    return askNode(sentinel, this.access, async (client) => {
      const [current, facts] = await Promise.all([
        client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName),
        client.call('SENTINEL', 'MASTER', masterName),
      ]);
      const [host = '', port = ''] = current as readonly string[];
      const flat = facts as readonly string[];
      const fact = (name: string): string => flat[flat.indexOf(name) + 1] ?? '';
      return {
        master: { host: fact('ip'), port: Number(fact('port')) },
        epoch: Number(fact('config-epoch')),
        isFailingOver: fact('flags').split(',').includes('failover_in_progress'),
        current: { host, port: Number(port) },
      };
    });
  }

  private subscribe(sentinel: HostAndPort): Redis {
    const client = new Redis({
      ...ASKING,
      ...sentinel,
      ...this.access,
      autoResubscribe: false,
      keepAlive: KEEP_ALIVE_MS,
      retryStrategy: () => RECONNECT_MS,
    });
    // A sentinel that is away is no news: the others are there for that.
    client.on('error', () => undefined);
    client.on('ready', () => void client.subscribe(...EVENTS).catch(() => undefined));
    client.on('message', (event: string, message: string) => this.hear(event, message));
    client.connect().catch(() => undefined);
    return client;
  }

  /** `+try-failover master <name> <host> <port>`, `+switch-master <name> <old host> <old port> <new host> <new port>`. */
  private hear(event: string, message: string): void {
    const words = message.split(' ');
    const [name, host = '', port = ''] = event === '+switch-master' ? words : words.slice(1);
    if (name !== this.target.masterName || !this.current || !isSame(this.current, { host, port: Number(port) })) return;
    this.onReplaced(new Error(`The sentinels replace the master "${name}" (${event})`));
  }
}

function isSame(one: HostAndPort, other: HostAndPort): boolean {
  return one.host === other.host && one.port === other.port;
}

function reasonIn(answers: readonly PromiseSettledResult<unknown>[]): string {
  const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [plainError(answer.reason).message] : []));
  return [...new Set(reasons)].join('; ');
}
