import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type TimerClock, systemClock } from '@smart-support/contracts';
import { networkOf } from './client-address';

/** What {@link limitConnections} allows. */
export interface ConnectionLimits {
  /** Most open connections; one more ends the one that is idle for the longest. */
  readonly most: number;
  /** Most of one address (of IPv6 of one network), which may be a load balancer for all callers; one more ends an idle one of the same address. */
  readonly mostOfAddress: number;
  /** Connections above `most` while all others are busy: each carries one request, so that health checks are answered, and the oldest is closed for the next. */
  readonly mostExtra: number;
}

/** Far more than the requests that one process answers at a time, and far fewer than the files it may open. */
const LIMITS: ConnectionLimits = { most: 4_096, mostOfAddress: 1_024, mostExtra: 64 };

/** How often connections are looked at, in milliseconds. */
const LOOK_MS = 1_000;

/** How long the headers of a request may take from their first byte on, in milliseconds. */
const HEADERS_MS = 10_000;

/** How long a body may take however slowly it arrives, then at which rate it must have arrived, and how long the whole may take. */
const BODY_GRACE_MS = 10_000;
const BODY_BYTES_PER_MS = 1_024 / 1_000;
const BODY_MS = 120_000;

/**
 * How long a caller may seem to take nothing of an answer, in milliseconds. What it has taken shows only once a third of the system's send buffer is free,
 * which may have 4 MiB: at 12 KiB a second that takes this long.
 */
const ANSWER_MS = 120_000;

/**
 * Most requests on one connection that wait for their answers. Node parses all that arrive in one piece before it stops reading for a caller that takes
 * no answers; those are up to a thousand. Clients that send ahead (HTTP pipelining) send some ten.
 */
const MOST_UNANSWERED = 32;

/**
 * How much longer a connection stays open after a caller was refused while it sent, and how much of what it sends is read and dropped: closing at once
 * would make many systems throw the answer away.
 */
const LINGER_MS = 1_000;
const LINGER_BYTES = 1024 * 1024;

const SLOW_HEADERS = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
const SLOW_BODY = JSON.stringify({
  type: 'about:blank',
  title: 'Request Timeout',
  status: 408,
  detail: 'The body arrived too slowly.',
});

/**
 * Limits the connections and time that callers may use of a server: headers that do not end and bodies that arrive too slowly are answered 408 and cut off, and so is
 * what is left of a body that was refused; open connections are counted, and idle ones are closed for new ones. Idle connections are otherwise left
 * alone, since load balancers open some in advance.
 */
export function limitConnections(
  server: Server,
  limits: Partial<ConnectionLimits> = {},
  clock: TimerClock = systemClock,
): void {
  const connections = new Connections({ ...LIMITS, ...limits }, clock);
  server.on('connection', (socket) => connections.open(socket));
  server.prependListener('request', (request, response) => connections.requested(request, response));
  let cancel = (): void => undefined;
  const look = (): void => {
    cancel = clock.after(LOOK_MS, () => {
      connections.look();
      look();
    });
  };
  look();
  server.once('close', () => cancel());
}

class Connections {
  /** The one that was active last at the end. */
  private readonly all = new Map<Socket, Connection>();
  private readonly extra = new Set<Connection>();
  private readonly ofAddress = new Map<string, number>();

  constructor(
    private readonly limits: ConnectionLimits,
    private readonly clock: TimerClock,
  ) {}

  open(socket: Socket): void {
    const connection = new Connection(socket, this.clock);
    const { address } = connection;
    this.ofAddress.set(address, (this.ofAddress.get(address) ?? 0) + 1);
    socket.once('close', () => this.closed(connection));
    const { most, mostOfAddress } = this.limits;
    if ((this.ofAddress.get(address) ?? 0) > mostOfAddress) this.endIdle((other) => other.address === address);
    if (this.all.size >= most) this.endIdle(() => true);
    if (this.all.size >= most) this.addExtra(connection);
    this.all.set(socket, connection);
  }

  requested(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const connection = this.all.get(socket);
    if (!connection) return;
    this.all.delete(socket);
    this.all.set(socket, connection);
    connection.requested(request, response);
    if (this.extra.has(connection)) response.setHeader('Connection', 'close');
  }

  look(): void {
    for (const connection of this.all.values()) connection.look();
  }

  private addExtra(connection: Connection): void {
    const [oldest] = this.extra;
    if (oldest && this.extra.size >= this.limits.mostExtra) this.end(oldest);
    this.extra.add(connection);
  }

  /** Ends the one that is idle for the longest, if any is. */
  private endIdle(isIt: (connection: Connection) => boolean): void {
    for (const connection of this.all.values()) {
      if (!connection.isIdle || !isIt(connection)) continue;
      this.end(connection);
      return;
    }
  }

  private end(connection: Connection): void {
    // No longer counted: its `close` event comes later.
    this.all.delete(connection.socket);
    this.extra.delete(connection);
    connection.socket.destroy();
  }

  private closed(connection: Connection): void {
    const { address, socket } = connection;
    this.all.delete(socket);
    this.extra.delete(connection);
    const left = (this.ofAddress.get(address) ?? 1) - 1;
    if (left > 0) this.ofAddress.set(address, left);
    else this.ofAddress.delete(address);
  }
}

/** One connection and the request that it carries, or carried last. */
class Connection {
  /** Identifies the caller. */
  readonly address: string;
  private request: IncomingMessage | undefined;
  private response: ServerResponse | undefined;
  private isAnswered = true;
  /** Requests whose answers have not left yet: a caller may send several before it reads. */
  private unanswered = 0;
  private requestedAt = 0;
  /** Bytes of the connection up to the request, and up to its end. */
  private bytesBefore = 0;
  private bytesAfter = 0;
  /** Since when headers arrive; `undefined` between requests. */
  private headersSince: number | undefined;
  private isLingering = false;
  /** Bytes that the caller's side has taken, and when it took the last of them. */
  private taken = 0;
  private takenAt: number;

  constructor(
    readonly socket: Socket,
    private readonly clock: TimerClock,
  ) {
    this.address = networkOf(socket.remoteAddress ?? '');
    this.takenAt = clock.monotonic();
    const end = socket.destroySoon.bind(socket);
    // The server ends a connection so after its last answer, also while the caller still sends.
    socket.destroySoon = () => (this.isReading ? this.linger() : end());
  }

  /** Whether no request has begun, or the last one is over. Headers that have not ended do not count. */
  get isIdle(): boolean {
    return this.isAnswered && !this.isReading;
  }

  requested(request: IncomingMessage, response: ServerResponse): void {
    this.request = request;
    this.response = response;
    this.isAnswered = false;
    this.requestedAt = this.clock.monotonic();
    this.bytesBefore = this.socket.bytesRead;
    this.headersSince = undefined;
    this.unanswered += 1;
    const end = (): void => {
      // A request that was sent behind it may have begun.
      if (this.request !== request) return;
      this.bytesAfter = this.socket.bytesRead;
      // A connection that is kept open must not keep a body. The last bytes of one may arrive after its answer has left.
      if (this.isAnswered && request.complete) this.request = undefined;
    };
    request.once('end', end);
    response.once('close', () => {
      this.unanswered -= 1;
      if (this.request === request) {
        this.isAnswered = true;
        this.response = undefined;
      }
      end();
    });
    if (this.unanswered > MOST_UNANSWERED) this.socket.destroy();
  }

  look(): void {
    if (this.isLingering) return;
    if (this.socket.writableLength > 0) this.lookAtAnswer();
    else this.takenAt = this.clock.monotonic();
    if (this.isReading) this.lookAtBody();
    else if (this.isIdle && this.socket.bytesRead > this.bytesAfter) this.lookAtHeaders();
  }

  private get isReading(): boolean {
    return this.request !== undefined && !this.request.complete;
  }

  /** What a caller does not take keeps its memory busy. */
  private lookAtAnswer(): void {
    const { bytesWritten } = this.socket;
    const taken = bytesWritten - this.socket.writableLength;
    if (taken > this.taken) [this.taken, this.takenAt] = [taken, this.clock.monotonic()];
    if (this.clock.monotonic() - this.takenAt >= ANSWER_MS) this.socket.destroy();
  }

  private lookAtHeaders(): void {
    this.headersSince ??= this.clock.monotonic();
    if (this.clock.monotonic() - this.headersSince < HEADERS_MS) return;
    this.socket.write(SLOW_HEADERS);
    this.socket.destroySoon();
  }

  private lookAtBody(): void {
    const elapsed = this.clock.monotonic() - this.requestedAt;
    const arrived = this.socket.bytesRead - this.bytesBefore;
    const isSlow = arrived < (elapsed - BODY_GRACE_MS) * BODY_BYTES_PER_MS;
    if (!isSlow && elapsed < BODY_MS) return;
    const { response } = this;
    if (response && !response.headersSent) {
      response.writeHead(408, { 'content-type': 'application/problem+json', connection: 'close' }).end(SLOW_BODY);
    } else {
      this.linger();
    }
  }

  /** Closes this side of the connection, and after a moment the caller's. */
  private linger(): void {
    const { socket, request } = this;
    if (this.isLingering) return;
    this.isLingering = true;
    socket.end();
    const cancel = this.clock.after(LINGER_MS, () => socket.destroy());
    socket.once('close', cancel);
    if (!request) return;
    let left = LINGER_BYTES;
    request.on('data', ({ length }: Buffer) => {
      left -= length;
      if (left < 0) request.pause();
    });
    request.resume();
  }
}
