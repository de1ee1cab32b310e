import { SmartSupportError } from '@smart-support/contracts';
import type { Redis } from 'ioredis';
import { writeMarker } from './marker';
import { plainError } from './store-errors';

/** How long replicas have, in milliseconds: less than a command may take, since the connection does nothing else meanwhile. */
const CONFIRM_MS = 500;

/** What {@link ReplicaAcks} works with. */
export interface ReplicaAcksOptions {
  /** Replicas that must confirm. */
  readonly replicas: number;
  /** A key that may be written. */
  readonly markerKey: string;
  /** Called with what keeps replicas from confirming, and with `undefined` once they do again. */
  readonly onChange: (problem: Error | undefined) => void;
}

interface Request {
  readonly connection: number;
  readonly resolve: () => void;
  readonly reject: (error: SmartSupportError) => void;
}

/**
 * Asks whether replicas have what was written: one WAIT for everything that was answered in one turn of the event loop, and one at a time, so that
 * what comes meanwhile shares the next. WAIT speaks of the connection that it is sent on: what was written on an earlier one, perhaps to another
 * server, cannot be confirmed any more.
 */
export class ReplicaAcks {
  private connections = 0;
  private requests: Request[] = [];
  private isAsking = false;
  private isConfirming = true;

  constructor(
    private readonly client: Redis,
    private readonly options: ReplicaAcksOptions,
  ) {
    client.on('close', () => (this.connections += 1));
  }

  /** The connection of now, to be noted when a command is sent. */
  get connection(): number {
    return this.connections;
  }

  /**
   * Resolves once replicas have everything that was answered on a connection up to now.
   * @throws SmartSupportError `outcome_unknown` where they do not say so in time, or the connection is another one by now
   */
  confirm(connection: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.requests.length === 0 && !this.isAsking) setImmediate(() => void this.ask());
      this.requests.push({ connection, resolve, reject });
    });
  }

  private async ask(): Promise<void> {
    const { requests } = this;
    this.requests = [];
    this.isAsking = true;
    const problem = await this.problem().catch(plainError);
    this.isAsking = false;
    this.notify(problem);
    for (const { connection, resolve, reject } of requests) {
      if (problem === undefined && connection === this.connections) resolve();
      else reject(unconfirmed(problem));
    }
    if (this.requests.length > 0) setImmediate(() => void this.ask());
  }

  private notify(problem: Error | undefined): void {
    if (this.isConfirming === (problem === undefined)) return;
    this.isConfirming = problem === undefined;
    this.options.onChange(problem);
  }

  /** What speaks against it; `undefined` if so many replicas have everything. */
  private async problem(): Promise<Error | undefined> {
    const { replicas, markerKey } = this.options;
    const { connections } = this;
    // A write of this connection that stands behind all others, also where what is to be confirmed was only found to be written before.
    const [, confirmed] = await Promise.all([
      writeMarker(this.client, markerKey),
      this.client.wait(replicas, CONFIRM_MS),
    ]);
    if (connections !== this.connections) return new Error('The connection was lost before replicas confirmed a write');
    if (confirmed >= replicas) return undefined;
    return new Error(`${confirmed} of ${replicas} replicas have confirmed a write within ${CONFIRM_MS} ms`);
  }
}

function unconfirmed(cause: unknown): SmartSupportError {
  return new SmartSupportError('outcome_unknown', 'Too few replicas have confirmed a write in time', { cause });
}
