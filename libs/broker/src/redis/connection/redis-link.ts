import type { Availability, TimerClock } from '@smart-support/contracts';
import { SmartSupportError, isSmartSupportError, isStoreAway } from '@smart-support/contracts';
import type { Redis } from 'ioredis';
import { type Clients, openClients } from './open-clients';
import { ReplicaAcks } from './replica-acks';
import { movedTo, plainError, storeError } from './store-errors';

/** How often the store is asked whether it takes writes. */
const PROBE_MS = 500;

/** A store that did not answer this many probes in a row, each for the time of a command, gets a new connection. */
const SILENT_PROBES = 3;

/** What a link needs. */
export interface RedisLinkOptions {
  /** See `parseRedisUrl`. */
  readonly url: string;
  /** Replicas that must have a write before it is confirmed; 0 by default. */
  readonly waitReplicas?: number;
  /** A key that may be written to find out whether writing works. */
  readonly probeKey: string;
  readonly clock: TimerClock;
  /** Told what went wrong with the connection. */
  readonly onError: (error: unknown) => void;
}

/** The connections to one Redis, and whether it takes writes now. */
export class RedisLink {
  readonly client: Redis;
  /** For the command that waits: it would hold up all others. */
  private readonly waiting: Redis;
  private readonly clients: Clients;
  private readonly acks: ReplicaAcks | undefined;
  private state: Availability = 'down';
  private readonly listeners = new Set<(availability: Availability) => void>();
  private closed = false;
  private probing = false;
  private silentProbes = 0;
  private probesWithoutWaiting = 0;
  private stopProbing: () => void = () => undefined;

  constructor(private readonly options: RedisLinkOptions) {
    const { url, probeKey, clock, waitReplicas = 0 } = options;
    const onReplaced = (reason: Error): void => {
      this.tell(reason);
      this.reconnect();
    };
    this.clients = openClients({ url, key: probeKey, clock, onReplaced });
    this.client = this.clients.commands;
    this.waiting = this.clients.waiting;
    if (waitReplicas > 0) {
      const onError = (error: unknown): void => this.tell(error);
      this.acks = new ReplicaAcks(this.client, { replicas: waitReplicas, markerKey: probeKey, onError });
    }
    for (const client of [this.client, this.waiting]) {
      client.on('error', (error) => this.tell(error));
      // Tried again by itself; the reason was told by the event.
      client.connect().catch(() => undefined);
    }
    this.client.on('ready', () => void this.probe());
    this.client.on('close', () => this.change('down'));
    this.probeAgain();
  }

  /** Whether the store takes writes, as known now. */
  get availability(): Availability {
    return this.state;
  }

  /** Told of every change. @returns ends the telling */
  onAvailability(listener: (availability: Availability) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
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
      if (isStoreAway(error)) this.change('down');
      this.follow(cause);
      throw error;
    }
  }

  /**
   * Runs a command whose answer somebody acts upon: it counts once as many replicas have it as are waited for.
   * @throws SmartSupportError as {@link run}, and `fate_unknown` where they do not confirm it: the store is there all the same
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
   * Waits for an entry of a list and takes it.
   * @throws whatever ioredis throws when the connection is away or goes away
   */
  async sleepOn(wakeList: string, timeoutMs: number): Promise<void> {
    // To Redis, 0 would be for ever.
    await this.waiting.blpop(wakeList, Math.max(0.01, timeoutMs / 1000)).catch((error: unknown) => {
      this.follow(error);
      throw error;
    });
  }

  /** Lets the connections go. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.stopProbing();
    // Who closes it knows.
    this.listeners.clear();
    this.change('down');
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

  /** A write, since a store may answer reads and refuse writes. */
  private async probe(): Promise<void> {
    if (this.probing || this.client.status !== 'ready') return;
    this.probing = true;
    try {
      await this.clients.probe(this.options.probeKey);
      this.silentProbes = 0;
      this.change('up');
      this.reconnectWaiting();
    } catch (error) {
      this.change('down');
      if (this.closed) return;
      this.tell(error);
      this.follow(error);
      this.reconnectIfSilent(error);
    } finally {
      this.probing = false;
    }
  }

  /** A connection may be dead without either side knowing, as after a cable was pulled. */
  private reconnectIfSilent(error: unknown): void {
    this.silentProbes = storeError(error).code === 'fate_unknown' ? this.silentProbes + 1 : 0;
    if (this.silentProbes < SILENT_PROBES) return;
    this.silentProbes = 0;
    this.reconnect();
  }

  /** Goes where the domain is now, if that is what an error says. */
  private follow(error: unknown): void {
    const address = movedTo(error);
    if (address === undefined || this.closed) return;
    this.clients.locator?.suggest(address);
    this.reconnect();
  }

  private reconnect(): void {
    for (const client of [this.client, this.waiting]) reconnect(client);
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

  private tell(error: unknown): void {
    this.options.onError(isSmartSupportError(error) ? error : plainError(error));
  }

  private change(to: Availability): void {
    if (this.state === to) return;
    this.state = to;
    for (const listener of this.listeners) listener(to);
  }
}

/** Makes a connection anew. The client gives up for good one that it is only beginning to make: that one is new anyhow. */
function reconnect(client: Redis): void {
  if (client.status === 'connect' || client.status === 'ready') client.disconnect(true);
}
