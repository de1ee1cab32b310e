import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { DueCuts, arrivingPart } from './cut-reply';

/** A proxy between the apps and Redis that can cut a connection in the middle of a reply. */
export class RedisProxy {
  private readonly cuts = new DueCuts();
  private readonly open = new Set<Socket>();
  private cutsMade = 0;

  private constructor(
    private readonly server: Server,
    private readonly redisPort: number,
  ) {
    server.on('connection', (socket) => this.pass(socket));
  }

  /** @param redisPort - of Redis on 127.0.0.1; may be closed for a time */
  static async start(redisPort: number): Promise<RedisProxy> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new RedisProxy(server, redisPort);
  }

  /** As `REDIS_URL` takes it. */
  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Connections cut so far. */
  get cutCount(): number {
    return this.cutsMade;
  }

  /** Cuts the connection that carries the n-th piece of a reply from now on, after the given part of that piece. */
  scheduleCut(reply: number, part: number): void {
    this.cuts.schedule(reply, part);
  }

  /** Cuts all connections and takes no new ones. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  private pass(app: Socket): void {
    const redis = connect({ port: this.redisPort, host: '127.0.0.1', noDelay: true });
    app.setNoDelay(true);
    const part = (): void => {
      app.destroy();
      redis.destroy();
    };
    for (const socket of [app, redis]) {
      this.open.add(socket);
      socket.on('error', part);
      socket.on('close', () => {
        this.open.delete(socket);
        part();
      });
    }
    app.pipe(redis);
    redis.on('data', (piece: Buffer) => {
      const at = this.cuts.count();
      if (at === undefined) {
        app.write(piece);
        return;
      }
      this.cutsMade += 1;
      // Destroyed only when the beginning is out, or it might never arrive.
      redis.pause();
      app.write(arrivingPart(piece, at), part);
    });
  }
}
