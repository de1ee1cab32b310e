import { SmartSupportError } from '@smart-support/contracts';
import type { Redis } from 'ioredis';
import { writeMarker } from './marker';
import { plainError } from './store-errors';

/** Time limit of WAIT, in milliseconds: less than that of a command, since the connection does nothing else in the meantime. */
const CONFIRM_MS = 500;

/** Dependencies of {@link ReplicaAcks}. */
export interface ReplicaAcksOptions {
  /** Replicas that must confirm. */
  readonly replicas: number;
  /** A key for the write that precedes WAIT. */
  readonly markerKey: string;
  /** Called with the reason why replicas do not confirm, and with `undefined` once they do again. */
  readonly onChange: (problem: Error | undefined) => void;
}

interface Request {
  readonly connection: number;
  readonly resolve: () => void;
  readonly reject: (error: SmartSupportError) => void;
}

/**
 * Confirms writes by replicas: one WAIT for everything that was answered in one turn of the event loop, and one at a time, so that
 * later writes share the next. WAIT covers only the connection that it is sent on: a write on an earlier one, perhaps to another
 * server, can no longer be confirmed.
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

  /** The current connection, to be recorded when a command is sent. */
  get connection(): number {
    return this.connections;
  }

  /**
   * Resolves once replicas have everything that was answered on a connection so far.
   * @throws SmartSupportError `outcome_unknown` if they do not confirm in time, or the connection was replaced
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

  /** Why there is no confirmation; `undefined` if enough replicas have everything. */
  private async problem(): Promise<Error | undefined> {
    const { replicas, markerKey } = this.options;
    const { connections } = this;
    // Adds a write that is behind all others: a command to be confirmed may only have found that its write was made before.
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
