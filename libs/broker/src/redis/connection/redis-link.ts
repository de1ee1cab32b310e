import type { Availability, RedisProblem, TimerClock } from '@smart-support/contracts';
import { SmartSupportError, isSmartSupportError, isStoreAway } from '@smart-support/contracts';
import { Redis, type RedisOptions } from 'ioredis';
import { Backoff } from './backoff';
import { isWithoutDatabase, refusedDatabase } from './refused-database';
import { endsWithConnection, plainError, problemOf, storeError } from './store-errors';
import { readMemory } from './store-memory';

/** How long a command may take: a store that hangs must not make callers hang. */
const COMMAND_TIMEOUT_MS = 1_000;

/** How often the store is asked whether it takes writes. */
const PROBE_MS = 500;

/** A store that did not answer this many probes in a row, each for the time of a command, gets a new connection. */
const SILENT_PROBES = 3;

/** Longest pause before the next try to connect. */
const RECONNECT_MS = 1_000;

/** Pauses between new connections to an address whose server refuses, as one that loads for minutes does. */
const NEW_CONNECTIONS = { firstMs: 1_000, mostMs: 10_000 };

/** Pauses before writing is tried again after a refusal that a small write does not show, as by a store that is nearly full. */
const WRITES = { firstMs: 1_000, mostMs: 30_000 };

/** How often the store is asked for its `maxmemory-policy`. */
const POLICY_MS = 60_000;

/** What a link needs. */
export interface RedisLinkOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** A key that may be written to find out whether writing works. */
  readonly probeKey: string;
  readonly clock: TimerClock;
  /** Notified of what went wrong with the connection, and what that means for the store. */
  readonly onError: (error: unknown, problem: RedisProblem) => void;
  /** Notified of the store's `maxmemory-policy` at first and when it has changed; `null` if it cannot be read. */
  readonly onPolicy?: (policy: string | null) => void;
}

/**
 * ioredis by itself repeats writes and queues them while it is away. Here a command is written at once or refused,
 * and never sent twice: whoever sent it decides what to do. Whether a store is ready, its first write shows. Nothing is sent that a user with
 * few rights would be refused.
 */
const NO_REPEATS = {
  lazyConnect: true,
  enableOfflineQueue: false,
  enableReadyCheck: false,
  disableClientInfo: true,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  retryStrategy: (times: number) => Math.min(RECONNECT_MS, 50 * 2 ** Math.min(times, 6)),
} satisfies RedisOptions;

/** The connections to one Redis, and whether it takes writes now. */
export class RedisLink {
  readonly client: Redis;
  /** For the command that waits: it would hold up all others. */
  private readonly waiting: Redis;
  private state: Availability = 'down';
  private lastProblem: RedisProblem | undefined;
  private refusal: SmartSupportError | undefined;
  private policy: string | null | undefined;
  private policyAskedAt = -Infinity;
  private readonly listeners = new Set<(availability: Availability) => void>();
  private readonly writes: Backoff;
  private readonly renewals: ReadonlyMap<Redis, Backoff>;
  private closed = false;
  private probing = false;
  private silentProbes = 0;
  private probesWithoutWaiting = 0;
  private stopProbing: () => void = () => undefined;
  private firstAnswer: () => void = () => undefined;

  constructor(private readonly options: RedisLinkOptions) {
    const { clock } = options;
    this.client = new Redis(options.url, { ...NO_REPEATS, commandTimeout: COMMAND_TIMEOUT_MS });
    this.waiting = new Redis(options.url, NO_REPEATS);
    const clients = [this.client, this.waiting];
    this.writes = new Backoff(clock, WRITES);
    this.renewals = new Map(clients.map((client) => [client, new Backoff(clock, NEW_CONNECTIONS)]));
    for (const client of clients) {
      client.on('error', (error) => this.connectionFailed(client, error));
      client.on('end', () => this.connectLater(client));
      // Tried again by itself; the reason was told by the event.
      client.connect().catch(() => undefined);
    }
    this.client.on('ready', () => void this.probe());
    this.client.on('close', () => {
      // The next connection may lead to another server.
      this.writes.cutShort();
      this.policyAskedAt = -Infinity;
      this.change('down');
    });
    this.probeAgain();
  }

  /** Whether the store takes writes, as known now. */
  get availability(): Availability {
    return this.state;
  }

  /** Why it takes none; `null` while it does, and before the first try has ended. */
  get problem(): RedisProblem | null {
    return this.state === 'up' ? null : (this.lastProblem ?? null);
  }

  /** The store's `maxmemory-policy`; `null` while it is not known. */
  get maxmemoryPolicy(): string | null {
    return this.policy ?? null;
  }

  /** Told of every change. @returns ends the telling */
  onAvailability(listener: (availability: Availability) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /**
   * Resolves at the first contact, or when `timeoutMs` has passed without.
   * @throws SmartSupportError `invalid_config` if the database of the address cannot be selected
   */
  async firstContact(timeoutMs: number): Promise<void> {
    if (this.state === 'down' && !this.refusal) {
      await new Promise<void>((resolve) => {
        const cancel = this.options.clock.after(timeoutMs, resolve);
        this.firstAnswer = () => {
          cancel();
          resolve();
        };
      });
    }
    if (this.refusal) throw this.refusal;
  }

  /** @throws SmartSupportError `closed` */
  mustBeOpen(): void {
    if (this.closed) throw new SmartSupportError('closed', 'The broker was closed');
  }

  /**
   * Runs a command.
   * @throws SmartSupportError `closed`, `unavailable`, `fate_unknown`, `damaged`
   */
  async run<Reply>(command: () => Promise<Reply>): Promise<Reply> {
    this.mustBeOpen();
    if (this.state === 'down') throw new SmartSupportError('unavailable', 'The shared store cannot be reached');
    try {
      return await command();
    } catch (cause) {
      const error = storeError(cause);
      // Closed on purpose while the command was under way.
      if (this.closed) throw new SmartSupportError('closed', 'The broker was closed', { cause: error });
      // Others that were under way with it say the same.
      if (isStoreAway(error) && this.state === 'up') {
        const problem = problemOf(error);
        // A probe is a small write, and may work all the same.
        if (error.code === 'unavailable' && problem && !endsWithConnection(problem)) this.writes.failed();
        this.wentAway(error);
      }
      throw error;
    }
  }

  /**
   * Waits for an entry of a list and takes it.
   * @throws whatever ioredis throws when the connection is away or goes away
   */
  async sleepOn(wakeList: string, timeoutMs: number): Promise<void> {
    try {
      // To Redis, 0 would be for ever.
      await this.waiting.blpop(wakeList, Math.max(0.01, timeoutMs / 1000));
    } catch (error) {
      if (endsWithConnection(problemOf(error))) {
        this.renew(this.waiting);
        // It may be the only connection that leads to this server.
        void this.probe();
      }
      throw error;
    }
  }

  /** Lets the connections go. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.stopProbing();
    // Who closes it knows.
    this.listeners.clear();
    this.change('down');
    this.firstAnswer();
    this.client.disconnect();
    this.waiting.disconnect();
  }

  private probeAgain(): void {
    this.stopProbing = this.options.clock.after(PROBE_MS, () => {
      void this.probe().then(() => {
        if (!this.closed) this.probeAgain();
      });
    });
  }

  /** A write, since a store may answer reads and refuse writes. */
  private async probe(): Promise<void> {
    if (this.probing || this.client.status !== 'ready' || !this.writes.isDue) return;
    this.probing = true;
    try {
      if (await this.isStillFull()) return;
      await this.client.set(this.options.probeKey, '1', 'PX', 60_000);
      this.silentProbes = 0;
      // A larger write was refused meanwhile.
      if (!this.writes.isDue) return;
      this.lastProblem = undefined;
      this.change('up');
      this.reconnectWaiting();
      await this.askForPolicy();
    } catch (error) {
      if (this.closed) return;
      if (problemOf(error) === 'oom') this.writes.failed();
      this.wentAway(error);
      this.reconnectIfSilent(error);
    } finally {
      this.probing = false;
    }
  }

  /** Whether a store that was full says that there is no space yet. The small write of a probe might work for a moment all the same. */
  private async isStillFull(): Promise<boolean> {
    if (this.lastProblem !== 'oom') return false;
    const { hasSpace } = await readMemory(this.client);
    if (hasSpace === false) this.writes.failed();
    return hasSpace === false;
  }

  private async askForPolicy(): Promise<void> {
    const now = this.options.clock.monotonic();
    if (now < this.policyAskedAt + POLICY_MS) return;
    const { policy } = await readMemory(this.client);
    this.policyAskedAt = now;
    if (policy === this.policy) return;
    this.policy = policy;
    this.options.onPolicy?.(policy);
  }

  /** A connection cannot be made, or was lost. */
  private connectionFailed(client: Redis, error: unknown): void {
    if (!isWithoutDatabase(client, error)) {
      this.tell(error);
      return;
    }
    client.disconnect();
    this.refusal = refusedDatabase(client, error);
    this.tell(this.refusal ?? error, this.refusal && 'database');
    if (this.refusal) this.firstAnswer();
  }

  /** A client that was disconnected on purpose does not connect again by itself. */
  private connectLater(client: Redis): void {
    if (this.closed) return;
    const pauseMs = this.renewals.get(client)?.failed() ?? NEW_CONNECTIONS.mostMs;
    this.options.clock.after(pauseMs, () => {
      if (!this.closed) client.connect().catch(() => undefined);
    });
  }

  private wentAway(error: unknown): void {
    this.lastProblem = problemOf(error) ?? this.lastProblem;
    this.tell(error);
    this.change('down');
    if (!endsWithConnection(this.lastProblem)) return;
    for (const client of this.renewals.keys()) this.renew(client);
  }

  /** Makes a connection anew, unless that was done a short time ago. */
  private renew(client: Redis): void {
    const backoff = this.renewals.get(client);
    if (!backoff?.isDue) return;
    backoff.failed();
    reconnect(client);
  }

  /** A connection may be dead without either side knowing, as after a cable was pulled. */
  private reconnectIfSilent(error: unknown): void {
    this.silentProbes = storeError(error).code === 'fate_unknown' ? this.silentProbes + 1 : 0;
    if (this.silentProbes < SILENT_PROBES) return;
    this.silentProbes = 0;
    for (const client of this.renewals.keys()) reconnect(client);
  }

  /**
   * The store works, but not for the connection that waits: it may have been made while the store was dead, and hang in its
   * first words, which have no time limit there.
   */
  private reconnectWaiting(): void {
    this.probesWithoutWaiting = this.waiting.status === 'connect' ? this.probesWithoutWaiting + 1 : 0;
    if (this.probesWithoutWaiting < SILENT_PROBES) return;
    this.probesWithoutWaiting = 0;
    reconnect(this.waiting);
  }

  private tell(error: unknown, problem = problemOf(error) ?? this.lastProblem ?? 'unreachable'): void {
    if (this.state === 'down') this.lastProblem = problem;
    this.options.onError(isSmartSupportError(error) ? error : plainError(error), problem);
  }

  private change(to: Availability): void {
    if (this.state === to) return;
    this.state = to;
    if (to === 'up') {
      this.refusal = undefined;
      this.firstAnswer();
    } else this.lastProblem ??= 'unreachable';
    for (const listener of this.listeners) listener(to);
  }
}

/** Makes a connection anew. The client gives up for good one that it is only beginning to make: that one is new anyhow. */
function reconnect(client: Redis): void {
  if (client.status === 'connect' || client.status === 'ready') client.disconnect(true);
}
