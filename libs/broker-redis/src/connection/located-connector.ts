import { connect as connectSocket, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { HostAndPort } from '@smart-support/contracts';
import { AbstractConnector } from 'ioredis';

/** The stream type of an ioredis connector. */
type Stream = Awaited<ReturnType<AbstractConnector['connect']>>;

/** Dependencies of a {@link LocatedConnector}. */
export interface LocatedConnectorOptions {
  /** Where to connect to. */
  readonly locate: () => Promise<HostAndPort>;
  /** Whether a connection to this address may be used once it is made. */
  readonly isCurrent: (found: HostAndPort) => boolean;
  readonly tls: boolean;
  /** Waits before the next attempt to locate. @param tries - number of failed attempts */
  readonly pause: (tries: number) => Promise<void>;
}

/** How long a stream may stay open after it was ended, in milliseconds. */
const DISCONNECT_MS = 2_000;

/** Connects a client to the current master; locates it at every connect. */
export class LocatedConnector extends AbstractConnector {
  private found: HostAndPort | undefined;
  private attempts = 0;

  constructor(private readonly located: LocatedConnectorOptions) {
    super(DISCONNECT_MS);
  }

  /** Tries to locate until that succeeds: a client whose connector rejects never tries again. */
  override async connect(emit: Parameters<AbstractConnector['connect']>[0]): Promise<Stream> {
    const { locate, tls, pause } = this.located;
    this.connecting = true;
    this.attempts += 1;
    const attempt = this.attempts;
    for (let tries = 1; ; tries += 1) {
      const found = await locate().catch((error: Error) => void emit('error', error));
      if (found) {
        this.mustBeWanted(attempt);
        this.found = found;
        const stream = tls
          ? connectTls({ ...found, ...(isIP(found.host) === 0 ? { servername: found.host } : {}) })
          : connectSocket(found);
        stream.once('error', (error) => (this.firstError = error));
        this.stream = stream;
        return stream;
      }
      this.mustBeWanted(attempt);
      await pause(tries);
      this.mustBeWanted(attempt);
    }
  }

  /** Rejects a replica (a former or a future master), and a master whose replacement began while this connection was made. */
  override check({ role }: { readonly role?: string }): boolean {
    const isReplica = role !== undefined && role !== 'master';
    return !isReplica && (this.found === undefined || this.located.isCurrent(this.found));
  }

  /** Whether this connection attempt was ended, even if another one has begun since. */
  private mustBeWanted(attempt: number): void {
    if (!this.connecting || attempt !== this.attempts) throw new Error('Connection is closed.');
  }
}
