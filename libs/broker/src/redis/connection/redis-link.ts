import type { Availability, TimerClock } from '@smart-support/contracts';
import { SmartSupportError, isSmartSupportError, isStoreAway } from '@smart-support/contracts';
import type { Redis } from 'ioredis';
import { openClients } from './open-clients';
import { plainError, storeError } from './store-errors';

/** How often the store is asked whether it takes writes. */
const PROBE_MS = 500;

/** A store that did not answer this many probes in a row, each for the time of a command, gets a new connection. */
const SILENT_PROBES = 3;

/** What a link needs. */
export interface RedisLinkOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
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
  private state: Availability = 'down';
  private readonly listeners = new Set<(availability: Availability) => void>();
  private closed = false;
  private probing = false;
  private silentProbes = 0;
  private probesWithoutWaiting = 0;
  private stopProbing: () => void = () => undefined;

  constructor(private readonly options: RedisLinkOptions) {
    const { commands, waiting } = openClients(options.url);
    this.client = commands;
    this.waiting = waiting;
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
      throw error;
    }
  }

  /**
   * Waits for an entry of a list and takes it.
   * @throws whatever ioredis throws when the connection is away or goes away
   */
  async sleepOn(wakeList: string, timeoutMs: number): Promise<void> {
    // To Redis, 0 would be for ever.
    await this.waiting.blpop(wakeList, Math.max(0.01, timeoutMs / 1000));
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
      await this.client.set(this.options.probeKey, '1', 'PX', 60_000);
      this.silentProbes = 0;
      this.change('up');
      this.reconnectWaiting();
    } catch (error) {
      this.change('down');
      if (this.closed) return;
      this.tell(error);
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
    this.client.disconnect(true);
    this.waiting.disconnect(true);
  }

  /**
   * The store works, but not for the connection that waits: it may have been made while the store was dead, and hang in its
   * first words, which have no time limit there.
   */
  private reconnectWaiting(): void {
    this.probesWithoutWaiting = this.waiting.status === 'connect' ? this.probesWithoutWaiting + 1 : 0;
    if (this.probesWithoutWaiting < SILENT_PROBES) return;
    this.probesWithoutWaiting = 0;
    this.waiting.disconnect(true);
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
