import { randomBytes } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Receives alerts and records when each arrives. It verifies no signature, for only the time is measured. */
export class AlertReceiver {
  /** As `WEBHOOK_SECRET` takes it. */
  readonly secret = `whsec_${randomBytes(24).toString('base64')}`;
  private readonly arrivals = new Map<string, number>();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      const arrived = performance.now();
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly data: { readonly id: string } };
        if (!this.arrivals.has(data.id)) this.arrivals.set(data.id, arrived);
        response.writeHead(204).end();
      });
    });
  }

  /** Starts a receiver on a free port. */
  static async start(): Promise<AlertReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new AlertReceiver(server);
  }

  /** As `WEBHOOK_URL` takes it. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/alerts`;
  }

  /** When the alert of a ticket first arrived, on the clock of `performance.now()`. */
  arrivalOf(ticketId: string): number | undefined {
    return this.arrivals.get(ticketId);
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
