import type { HostAndPort, RedisTarget, TimerClock } from '@smart-support/contracts';
import { Redis } from 'ioredis';
import { ASKING, type NodeAccess, accessOf, askNode } from './ask-node';
import { enoughAnswers } from './enough-answers';
import { type MasterLocator, addressOf } from './master-locator';
import { isFromServer, plainError, reasonIn } from './store-errors';

/** Published by the sentinel that leads a failover before any server is changed, and by each sentinel once it knows the new master. */
const EVENTS = ['+try-failover', '+switch-master'] as const;

const RECONNECT_MS = 1_000;
/** Pause before events are asked for again at a sentinel that refuses them: its user may get the right meanwhile. */
const RESUBSCRIBE_MS = 10_000;
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

/** What a {@link SentinelLocator} works with. */
export interface SentinelLocatorOptions {
  readonly clock: TimerClock;
  /** Called with the reason when a master that was located is being replaced. */
  readonly onReplaced: (reason: Error) => void;
  /** Called when a sentinel does not let its events be subscribed to; once until it does again. */
  readonly onRefused: (refusal: Error) => void;
  /** Asks one sentinel; {@link askNode} unless given. */
  readonly ask?: typeof askNode;
}

/**
 * Finds the master that sentinels watch, and follows what they publish. While one of them leads a failover and has promoted no replica yet, there is
 * no answer: what a master takes after its replacement was chosen is lost, also where a replica confirmed it.
 */
export class SentinelLocator implements MasterLocator {
  private readonly access: NodeAccess;
  private readonly subscribers: readonly Redis[];
  /** Addresses that were located, and not announced as replaced since. */
  private readonly located = new Set<string>();
  /** For each search under way the masters that were announced as replaced since it began: what it was answered may be older. */
  private readonly searches = new Set<Set<string>>();
  /** The latest event of each sentinel that has not answered since that no failover is in progress: it knows more than the others. */
  private readonly announcers = new Map<HostAndPort, number>();
  private events = 0;
  private closed = false;

  constructor(
    private readonly target: SentinelTarget,
    private readonly options: SentinelLocatorOptions,
  ) {
    const { sentinelUsername: username, sentinelPassword: password, tls } = target;
    this.access = accessOf({ username, password, tls });
    this.subscribers = target.sentinels.map((sentinel) => this.subscriberOf(sentinel));
  }

  /** Asks all sentinels, and waits for a majority; of several answers that of the latest failover counts. */
  async locate(): Promise<HostAndPort> {
    const replaced = new Set<string>();
    this.searches.add(replaced);
    try {
      const master = await this.search();
      if (replaced.has(addressOf(master)))
        throw new Error(`The sentinels replace the master "${this.target.masterName}"`);
      this.located.add(addressOf(master));
      return master;
    } finally {
      this.searches.delete(replaced);
    }
  }

  /** See {@link MasterLocator}. */
  isCurrent(address: HostAndPort): boolean {
    return this.located.has(addressOf(address));
  }

  /** A master that sentinels watch refers to no other. */
  suggest(): void {
    // See above.
  }

  /** See {@link MasterLocator}. */
  close(): void {
    this.closed = true;
    for (const subscriber of this.subscribers) subscriber.disconnect();
  }

  private async search(): Promise<HostAndPort> {
    const { sentinels, masterName } = this.target;
    const needed = new Set(this.announcers.keys());
    const asked = sentinels.map((sentinel) => this.ask(sentinel).finally(() => needed.delete(sentinel)));
    const { answers, problems } = await enoughAnswers(
      asked,
      (opinions) => opinions.length > sentinels.length / 2 && needed.size === 0,
      this.options.clock,
    );
    const leading = answers.find(({ isFailingOver }) => isFailingOver);
    if (leading && addressOf(leading.current) === addressOf(leading.master))
      throw new Error(`A failover of "${masterName}" is in progress, and no replica is promoted yet`);
    const [latest] = [...answers].sort((a, b) => b.epoch - a.epoch);
    if (!latest) throw new Error(`No sentinel names a master "${masterName}": ${reasonIn(problems)}`);
    return (leading ?? latest).current;
  }

  /** Asks one, which is waited for no longer afterwards unless it leads a failover. */
  private async ask(sentinel: HostAndPort): Promise<Opinion> {
    const event = this.announcers.get(sentinel);
    let isFailingOver = false;
    try {
      const opinion = await this.opinionOf(sentinel);
      ({ isFailingOver } = opinion);
      return opinion;
    } finally {
      if (!isFailingOver && this.announcers.get(sentinel) === event) this.announcers.delete(sentinel);
    }
  }

  private opinionOf(sentinel: HostAndPort): Promise<Opinion> {
    const { masterName } = this.target;
    const { ask = askNode } = this.options;
    return ask(sentinel, this.access, async (client) => {
      const [current, flat] = (await Promise.all([
        client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName),
        client.call('SENTINEL', 'MASTER', masterName),
      ])) as [readonly string[] | null, readonly string[]];
      // A master may have the name of a fact.
      const facts = new Map(flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? '']] : [])));
      const fact = (name: string): string => facts.get(name) ?? '';
      const [host = '', port = ''] = current ?? [];
      return {
        master: { host: fact('ip'), port: Number(fact('port')) },
        epoch: Number(fact('config-epoch')),
        isFailingOver: fact('flags').split(',').includes('failover_in_progress'),
        current: { host, port: Number(port) },
      };
    });
  }

  private subscriberOf(sentinel: HostAndPort): Redis {
    const client = new Redis({
      ...ASKING,
      ...sentinel,
      ...this.access,
      autoResubscribe: false,
      keepAlive: KEEP_ALIVE_MS,
      retryStrategy: () => RECONNECT_MS,
    });
    let isRefused = false;
    const subscribe = async (): Promise<void> => {
      try {
        await client.subscribe(...EVENTS);
        isRefused = false;
      } catch (error) {
        // One that was lost meanwhile is made anew, and subscribed then.
        if (!isFromServer(plainError(error))) return;
        if (!isRefused) this.options.onRefused(refusalOf(sentinel, error));
        isRefused = true;
        this.options.clock.after(RESUBSCRIBE_MS, () => {
          if (!this.closed && client.status === 'ready') void subscribe();
        });
      }
    };
    // A sentinel that is away is no news: the others are there for that.
    client.on('error', () => undefined);
    client.on('ready', () => void subscribe());
    client.on('message', (event: string, message: string) => this.hear(sentinel, event, message));
    client.connect().catch(() => undefined);
    return client;
  }

  /** `+try-failover master <name> <host> <port>`, `+switch-master <name> <old host> <old port> <new host> <new port>`. */
  private hear(sentinel: HostAndPort, event: string, message: string): void {
    const words = message.split(' ');
    const [name, host = '', port = ''] = event === '+switch-master' ? words : words.slice(1);
    if (name !== this.target.masterName) return;
    this.events += 1;
    this.announcers.set(sentinel, this.events);
    const old = addressOf({ host, port: Number(port) });
    for (const replaced of this.searches) replaced.add(old);
    if (!this.located.delete(old)) return;
    this.options.onReplaced(new Error(`The sentinels replace the master "${name}" (${event})`));
  }
}

function refusalOf(sentinel: HostAndPort, error: unknown): Error {
  const { message } = plainError(error);
  return new Error(`The sentinel ${addressOf(sentinel)} does not let its events be subscribed to: ${message}`);
}
