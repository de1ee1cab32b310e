import type { Availability, RedisProblem, TimerClock } from '@smart-support/contracts';
import { SmartSupportError, isSmartSupportError, isStoreAway } from '@smart-support/contracts';
import type { Redis } from 'ioredis';
import { Backoff } from './backoff';
import { LoopLateness } from './loop-lateness';
import { COMMAND_TIMEOUT_MS, type Clients, openClients } from './open-clients';
import { isWithoutDatabase, refusedDatabase } from './refused-database';
import { ReplicaAcks } from './replica-acks';
import { endsWithConnection, isTimeout, movedTo, plainError, problemOf, storeError } from './store-errors';
import { type StoreMemory, readMemory } from './store-memory';

/** Interval of the write probes, in milliseconds. */
const PROBE_MS = 500;

/** Probes in a row without an answer after which the connection is replaced. */
const SILENT_PROBES = 3;

/** Timeouts in a row that are attributed to stalls of this process. Unbounded, a process that always stalls would never report its store as away. */
const OWN_STALLS = 3;

/** Pauses between new connections to a server that refuses commands, for example while it loads its data for minutes. */
const NEW_CONNECTIONS = { firstMs: 1_000, mostMs: 10_000 };

/** Pauses before the next write after a refusal that the probe does not show, for example of a command that the user may not run. */
const WRITES = { firstMs: 1_000, mostMs: 30_000 };

/** Interval of asking for `maxmemory-policy` if the store does not report its memory, in milliseconds; otherwise each probe asks. */
const POLICY_MS = 60_000;

/** Settings and callbacks of a {@link RedisLink}. */
export interface RedisLinkOptions {
  /** See `parseRedisUrl`. */
  readonly url: string;
  /** Replicas that must have a write before it is confirmed; 0 by default. */
  readonly waitReplicas?: number;
  /** A key for write probes. */
  readonly probeKey: string;
  readonly clock: TimerClock;
  /** Notified of errors of the connection, and what they mean for the store. */
  readonly onError: (error: unknown, problem: RedisProblem) => void;
  /** Notified of the reason why replicas do not confirm writes, and with `undefined` once they do again. */
  readonly onReplicas?: (problem: Error | undefined) => void;
  /** Notified of a sentinel that does not announce failovers; once until it does. */
  readonly onSentinelRefusal?: (refusal: Error) => void;
  /** Notified of the store's `maxmemory-policy` at first and after a change; `null` if it cannot be read. */
  readonly onPolicy?: (policy: string | null) => void;
}

/** The connections to one Redis, and whether it accepts writes. */
export class RedisLink {
  readonly client: Redis;
  /** For the blocking command, which would delay all others. */
  private readonly waiting: Redis;
  private readonly clients: Clients;
  private readonly acks: ReplicaAcks | undefined;
  private state: Availability = 'down';
  private lastProblem: RedisProblem | undefined;
  private refusal: SmartSupportError | undefined;
  private known: StoreMemory | undefined;
  private memoryAskedAt = -Infinity;
  private readonly listeners = new Set<(availability: Availability) => void>();
  private readonly writes: Backoff;
  private readonly renewals: ReadonlyMap<Redis, Backoff>;
  private closed = false;
  private probing = false;
  private silentProbes = 0;
  private ownStalls = 0;
  private readonly lateness: LoopLateness;
  private probesWithoutWaiting = 0;
  private stopProbing: () => void = () => undefined;
  private firstAnswer: () => void = () => undefined;

  constructor(private readonly options: RedisLinkOptions) {
    const { url, probeKey, clock, waitReplicas = 0 } = options;
    const onReplaced = (reason: Error): void => {
      this.notify(reason);
      this.reconnect();
    };
    const onSentinelRefusal = (refusal: Error): void => options.onSentinelRefusal?.(refusal);
    this.clients = openClients({ url, key: probeKey, clock, onReplaced, onSentinelRefusal });
    this.client = this.clients.commands;
    this.waiting = this.clients.waiting;
    if (waitReplicas > 0)
      this.acks = new ReplicaAcks(this.client, {
        replicas: waitReplicas,
        markerKey: probeKey,
        onChange: (problem) => options.onReplicas?.(problem),
      });
    const clients = [this.client, this.waiting];
    this.lateness = new LoopLateness(clock);
    this.writes = new Backoff(clock, WRITES);
    this.renewals = new Map(clients.map((client) => [client, new Backoff(clock, NEW_CONNECTIONS)]));
    for (const client of clients) {
      client.on('error', (error) => this.connectionFailed(client, error));
      client.on('end', () => this.connectLater(client));
      // The client connects again by itself, and its `error` event has reported the reason.
      client.connect().catch(() => undefined);
    }
    this.client.on('ready', () => void this.probe());
    this.client.on('close', () => {
      // The next connection may lead to another server.
      this.writes.cutShort();
      this.memoryAskedAt = -Infinity;
      this.change('down');
    });
    this.probeAgain();
  }

  /** Whether the store accepts writes, as far as known. */
  get availability(): Availability {
    return this.state;
  }

  /** Why the store accepts no writes; `null` while it does, and before the first attempt to connect has ended. */
  get problem(): RedisProblem | null {
    return this.state === 'up' ? null : (this.lastProblem ?? null);
  }

  /** The store's `maxmemory-policy`; `null` while it is not known. */
  get maxmemoryPolicy(): string | null {
    return this.known?.policy ?? null;
  }

  /** The latest answer of the store about its memory; `undefined` before the first one. */
  get memory(): StoreMemory | undefined {
    return this.known;
  }

  /** Whether {@link runConfirmed} does more than {@link run}. */
  get waitsForReplicas(): boolean {
    return this.acks !== undefined;
  }

  /** Notifies a listener of every change. @returns removes the listener */
  onAvailability(listener: (availability: Availability) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /**
   * Resolves at the first contact, or after `timeoutMs` milliseconds without one.
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
   * @throws SmartSupportError `closed`, `unavailable`, `outcome_unknown`, `corrupt`
   */
  async run<Reply>(command: () => Promise<Reply>): Promise<Reply> {
    this.mustBeOpen();
    if (this.state === 'down') throw new SmartSupportError('unavailable', 'The shared store cannot be reached');
    try {
      return await command();
    } catch (cause) {
      const error = storeError(cause);
      // Closed on purpose while the command was in flight.
      if (this.closed) throw new SmartSupportError('closed', 'The broker was closed', { cause: error });
      // Other commands that were in flight with it fail with the same error.
      if (this.isOwnStall(cause)) {
        void this.probe();
      } else if (isStoreAway(error) && this.state === 'up') {
        const problem = problemOf(error);
        // The probe is a small write, and may succeed all the same.
        if (error.code === 'unavailable' && problem && !endsWithConnection(problem)) this.writes.failed();
        this.wentAway(error);
      }
      this.follow(cause);
      throw error;
    }
  }

  /**
   * Runs a command whose reply others act on: it counts once enough replicas have the write.
   * @throws SmartSupportError as {@link run}, and `outcome_unknown` if they do not confirm it, although the store is available
   */
  async runConfirmed<Reply>(command: () => Promise<Reply>, isToConfirm: (reply: Reply) => boolean): Promise<Reply> {
    const { acks } = this;
    if (!acks) return this.run(command);
    const { connection } = acks;
    const reply = await this.run(command);
    if (isToConfirm(reply)) await acks.confirm(connection);
    return reply;
  }

  /**
   * Blocks until a list has an entry and removes it.
   * @throws as ioredis does while the connection is away or when it is lost
   */
  async sleepOn(wakeList: string, timeoutMs: number): Promise<void> {
    try {
      // Redis reads 0 as no time limit.
      await this.waiting.blpop(wakeList, Math.max(0.01, timeoutMs / 1000));
    } catch (error) {
      this.follow(error);
      if (endsWithConnection(problemOf(error))) {
        this.renew(this.waiting);
        // It may be the only connection that leads to this server.
        void this.probe();
      }
      throw error;
    }
  }

  /** Closes the connections. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.lateness.close();
    this.stopProbing();
    // The caller that closes the link needs no notification.
    this.listeners.clear();
    this.change('down');
    this.firstAnswer();
    this.client.disconnect();
    this.waiting.disconnect();
    this.clients.locator?.close();
  }

  private probeAgain(): void {
    this.stopProbing = this.options.clock.after(PROBE_MS, () => {
      void this.probe().then(() => {
        if (!this.closed) this.probeAgain();
      });
    });
  }

  /** Probes with a write, since a store may answer reads and refuse writes. */
  private async probe(): Promise<void> {
    if (this.probing || this.client.status !== 'ready' || !this.writes.isDue) return;
    this.probing = true;
    let isToRepeat = false;
    try {
      await this.clients.probe(this.options.probeKey);
      this.silentProbes = 0;
      this.ownStalls = 0;
      // A larger write was refused in the meantime.
      if (!this.writes.isDue) return;
      this.lastProblem = undefined;
      this.change('up');
      this.reconnectWaiting();
      await this.askForMemory();
    } catch (error) {
      if (this.closed) return;
      isToRepeat = this.isOwnStall(error);
      if (isToRepeat) {
        this.ownStalls += 1;
        return;
      }
      this.wentAway(error);
      this.follow(error);
      this.reconnectIfSilent(error);
    } finally {
      this.probing = false;
      if (isToRepeat) void this.probe();
    }
  }

  /** Whether the missing answer may have arrived while this process could not read it. */
  private isOwnStall(error: unknown): boolean {
    return isTimeout(error) && this.ownStalls < OWN_STALLS && this.lateness.wasLateWithin(COMMAND_TIMEOUT_MS);
  }

  private async askForMemory(): Promise<void> {
    const now = this.options.clock.monotonic();
    if (this.known?.used === null && now < this.memoryAskedAt + POLICY_MS) return;
    const memory = await readMemory(this.client);
    this.memoryAskedAt = now;
    const isNews = memory.policy !== this.known?.policy;
    this.known = memory;
    if (isNews) this.options.onPolicy?.(memory.policy);
  }

  /** Handles a connection that was lost or cannot be made. */
  private connectionFailed(client: Redis, error: unknown): void {
    if (!isWithoutDatabase(client, error)) {
      this.notify(error);
      return;
    }
    // A server that was frozen may answer at once next time; one that refuses gets longer pauses.
    client.disconnect(storeError(error).code === 'outcome_unknown');
    this.refusal = refusedDatabase(client, error);
    this.notify(this.refusal ?? error, this.refusal && 'database');
    if (this.refusal) this.firstAnswer();
  }

  /** Reconnects a client that was disconnected on purpose: it does not connect again by itself. */
  private connectLater(client: Redis): void {
    if (this.closed) return;
    const pauseMs = this.renewals.get(client)?.failed() ?? NEW_CONNECTIONS.mostMs;
    this.options.clock.after(pauseMs, () => {
      if (!this.closed) client.connect().catch(() => undefined);
    });
  }

  private wentAway(error: unknown): void {
    this.lastProblem = problemOf(error) ?? this.lastProblem;
    this.notify(error);
    this.change('down');
    if (!endsWithConnection(this.lastProblem)) return;
    for (const client of this.renewals.keys()) this.renew(client);
  }

  /** Replaces a connection, unless that was done a short time ago. */
  private renew(client: Redis): void {
    const backoff = this.renewals.get(client);
    if (!backoff?.isDue) return;
    backoff.failed();
    reconnect(client);
  }

  /** Handles a probe without an answer: a connection may be dead without either side knowing, for example after a cable was pulled. */
  private reconnectIfSilent(error: unknown): void {
    this.silentProbes = storeError(error).code === 'outcome_unknown' ? this.silentProbes + 1 : 0;
    if (this.silentProbes < SILENT_PROBES) return;
    this.silentProbes = 0;
    this.reconnect();
  }

  /** Follows a redirection, if the error is one. */
  private follow(error: unknown): void {
    const address = movedTo(error);
    if (address === undefined || this.closed) return;
    this.clients.locator?.suggest(address);
    this.reconnect();
  }

  private reconnect(): void {
    for (const client of this.renewals.keys()) reconnect(client);
  }

  /**
   * Replaces the blocking connection if only the other one works: it may have been made while the store was dead, and hang in its
   * handshake, which has no time limit.
   */
  private reconnectWaiting(): void {
    this.probesWithoutWaiting = this.waiting.status === 'connect' ? this.probesWithoutWaiting + 1 : 0;
    if (this.probesWithoutWaiting < SILENT_PROBES) return;
    this.probesWithoutWaiting = 0;
    reconnect(this.waiting);
  }

  private notify(error: unknown, problem = problemOf(error) ?? this.lastProblem ?? 'unreachable'): void {
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

/** Replaces a connection. One that is still being made is left alone: its connector checks whether it leads to the right server. */
function reconnect(client: Redis): void {
  if (client.status === 'connect' || client.status === 'ready') client.disconnect(true);
}
