import { createHash, randomBytes } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

/** How a receiver treats one try of a webhook. */
export type ReceiverBehaviour = 'friendly' | 'slow' | 'error' | 'hanging';

/** What the receiver knows of the webhooks of one id. */
export interface ReceivedWebhook {
  readonly id: string;
  /** The type of its first body, for example `ticket.urgent`. */
  readonly type: string;
  /** The ticket or the incident that its first body was about. */
  readonly about: string;
  /** Members of the incident that its first body was about; undefined for a ticket. */
  readonly memberCount: number | undefined;
  /** The representative of that incident. */
  readonly representative: string | undefined;
  /** When its first request began, on the clock of `performance.now()`. */
  readonly arrivedAt: number;
  tries: number;
  /** Tries that were answered 2xx, the answer being out. */
  delivered: number;
  /** Different bodies that came under this id; 1 is right. */
  readonly bodies: Set<string>;
}

/** The fields that are read of the subject of an event. */
interface EventSubject {
  readonly id: string;
  readonly member_count?: number;
  readonly representative_ticket_id?: string;
}

/** Longer than the ten seconds that a sender waits. */
const HANGING_MS = 12_000;
const SLOW_MS = 1500;

/** Receives webhooks, checks their signatures, and answers as a behaviour says. */
export class WebhookReceiver {
  /** As `WEBHOOK_SECRET` takes it. */
  readonly secret = `whsec_${randomBytes(24).toString('base64')}`;
  private readonly webhook = new Webhook(this.secret);
  private readonly received = new Map<string, ReceivedWebhook>();
  private readonly behaviours = { friendly: 0, slow: 0, error: 0, hanging: 0 };
  private refused = 0;

  private constructor(
    private readonly server: Server,
    private readonly behaviourFor: (tries: number) => ReceiverBehaviour,
  ) {
    server.on('request', (request, response) => void this.receive(request, response));
  }

  /** @param behaviourOf - the behaviour for a webhook that was tried so often before */
  static async start(behaviourOf: (tries: number) => ReceiverBehaviour): Promise<WebhookReceiver> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new WebhookReceiver(server, behaviourOf);
  }

  /** As `WEBHOOK_URL` takes it. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/alerts`;
  }

  /** Every id that came with a good signature. */
  get webhooks(): readonly ReceivedWebhook[] {
    return [...this.received.values()];
  }

  /** Ids that were answered 2xx. */
  get deliveredCount(): number {
    let count = 0;
    for (const { delivered } of this.received.values()) if (delivered > 0) count += 1;
    return count;
  }

  /** Requests without a good signature, or about nothing. */
  get refusedCount(): number {
    return this.refused;
  }

  /** Tries by behaviour. */
  get behaviourCounts(): Readonly<Record<string, number>> {
    return this.behaviours;
  }

  /** Cuts all connections. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedAt = performance.now();
    response.on('error', () => undefined);
    let webhook: ReceivedWebhook;
    try {
      webhook = this.read(request, await bodyOf(request), arrivedAt);
    } catch {
      this.refused += 1;
      response.writeHead(400).end();
      return;
    }
    const behaviour = this.behaviourFor(webhook.tries);
    webhook.tries += 1;
    this.behaviours[behaviour] += 1;
    if (behaviour === 'error') {
      response.writeHead(500).end();
      return;
    }
    if (behaviour !== 'friendly') await sleep(behaviour === 'slow' ? SLOW_MS : HANGING_MS, undefined, { ref: false });
    // Counted only once the answer is out: the sender may have closed the connection.
    response.once('finish', () => (webhook.delivered += 1));
    response.writeHead(204).end();
  }

  /** @throws Error if the signature is none of ours, or the body none of a ticket's */
  private read(request: IncomingMessage, body: string, arrivedAt: number): ReceivedWebhook {
    const header = (name: string): string => String(request.headers[name] ?? '');
    const id = header('webhook-id');
    const event = this.webhook.verify(body, {
      'webhook-id': id,
      'webhook-timestamp': header('webhook-timestamp'),
      'webhook-signature': header('webhook-signature'),
    }) as { readonly type: string; readonly data: EventSubject };
    const { type, data } = event;
    if (typeof data.id !== 'string') throw new Error('The body names no ticket and no incident');
    const known = this.received.get(id) ?? {
      ...{ id, type, about: data.id, memberCount: data.member_count, representative: data.representative_ticket_id },
      ...{ arrivedAt, tries: 0, delivered: 0, bodies: new Set<string>() },
    };
    known.bodies.add(createHash('sha256').update(body).digest('base64'));
    this.received.set(id, known);
    return known;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
