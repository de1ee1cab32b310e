import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/**
 * One address on 127.0.0.1 behind which servers change, as behind a Kubernetes Service, a proxy or a DNS name: a connection stays with the server
 * that it was made to, new ones go to the current one. {@link startMovingAddress} creates it.
 */
export class MovingAddress {
  private readonly sockets = new Set<Socket>();
  private made = 0;

  /** @param server - the listening server; @param target - port on 127.0.0.1 that connections lead to at first */
  constructor(
    private readonly server: Server,
    private target: number,
  ) {
    server.on('connection', (client) => this.join(client));
  }

  /** In the form of `REDIS_URL`. */
  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Number of connections so far. */
  get connections(): number {
    return this.made;
  }

  /** Leads new connections to another port. Existing ones stay as they are. */
  leadTo(port: number): void {
    this.target = port;
  }

  /** Cuts all connections and accepts no new ones. */
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    this.made += 1;
    const server = connect({ host: '127.0.0.1', port: this.target, noDelay: true });
    client.setNoDelay(true);
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.pipe(server).pipe(client);
  }
}

/**
 * Listens on a free port of 127.0.0.1 and forwards to another one.
 * @param port - of a server on 127.0.0.1; may be closed temporarily
 */
export async function startMovingAddress(port: number): Promise<MovingAddress> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new MovingAddress(server, port);
}
