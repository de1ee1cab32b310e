import type { HostAndPort, RedisTarget, TimerClock } from '@smart-support/contracts';
import { Redis } from 'ioredis';
import { ASKING, type NodeAccess, accessOf, askNode } from './ask-node';
import { enoughAnswers } from './enough-answers';
import { type MasterLocator, addressOf } from './master-locator';
import { isFromServer, plainError, reasonIn } from './store-errors';

/** Published by the sentinel that leads a failover before any server changes, and by each sentinel once it knows the new master. */
const EVENTS = ['+try-failover', '+switch-master'] as const;

const RECONNECT_MS = 1_000;
/** Pause before the next subscription at a sentinel that refuses it, in milliseconds: its user may get the right in the meantime. */
const RESUBSCRIBE_MS = 10_000;
/** TCP keepalive finds dead connections to sentinels, which send nothing for days. */
const KEEP_ALIVE_MS = 10_000;

/** The answer of one sentinel. */
interface Opinion {
  readonly master: HostAndPort;
  readonly epoch: number;
  readonly isFailingOver: boolean;
  /** The address that it gives clients: during a failover the promoted replica, as soon as there is one. */
  readonly current: HostAndPort;
}

/** A sentinel of a target. */
type SentinelTarget = Extract<RedisTarget, { topology: 'sentinel' }>;

/** Dependencies of a {@link SentinelLocator}. */
export interface SentinelLocatorOptions {
  readonly clock: TimerClock;
  /** Called with the reason when a located master is being replaced. */
  readonly onReplaced: (reason: Error) => void;
  /** Called when a sentinel refuses the subscription to its events; once until it accepts it. */
  readonly onRefused: (refusal: Error) => void;
  /** Asks one sentinel; {@link askNode} by default. */
  readonly ask?: typeof askNode;
}

/**
 * Finds the master that sentinels watch, and follows their events. While one of them leads a failover and has promoted no replica yet, there is
 * no answer: what a master accepts after its replacement was chosen is lost, even if a replica confirmed it.
 */
export class SentinelLocator implements MasterLocator {
  private readonly access: NodeAccess;
  private readonly subscribers: readonly Redis[];
  /** Located addresses that were not announced as replaced since. */
  private readonly located = new Set<string>();
  /** For each search in progress, the masters that were announced as replaced since it began: answers may be older than the announcement. */
  private readonly searches = new Set<Set<string>>();
  /** The latest event of each sentinel that has not answered since then that no failover is in progress: it knows more than the others. */
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

  /** Asks all sentinels, and waits for a majority. Of several answers, that of the latest failover counts. */
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

  /** See {@link MasterLocator}. */
  suggest(): void {
    // A master behind sentinels does not redirect.
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

  /** Asks one sentinel. After the majority, only one that leads a failover is waited for. */
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
      // A master may be named like a field.
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
        // A connection that was lost in the meantime is made again, and subscribed then.
        if (!isFromServer(plainError(error))) return;
        if (!isRefused) this.options.onRefused(refusalOf(sentinel, error));
        isRefused = true;
        this.options.clock.after(RESUBSCRIBE_MS, () => {
          if (!this.closed && client.status === 'ready') void subscribe();
        });
      }
    };
    // A sentinel that is away is not reported: the others are enough.
    client.on('error', () => undefined);
    client.on('ready', () => void subscribe());
    client.on('message', (event: string, message: string) => this.handleEvent(sentinel, event, message));
    client.connect().catch(() => undefined);
    return client;
  }

  /** `+try-failover master <name> <host> <port>`, `+switch-master <name> <old host> <old port> <new host> <new port>`. */
  private handleEvent(sentinel: HostAndPort, event: string, message: string): void {
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
  return new Error(`The sentinel ${addressOf(sentinel)} refuses the subscription to its events: ${message}`);
}
