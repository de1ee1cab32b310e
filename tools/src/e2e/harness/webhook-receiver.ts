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
  /** The ticket that speaks for that incident. */
  readonly representative: string | undefined;
  tries: number;
  /** Tries that were answered 2xx, the answer being out. */
  delivered: number;
  /** Different bodies that came under this id; 1 is right. */
  readonly bodies: Set<string>;
}

/** What is read of what a webhook tells of. */
interface EventSubject {
  readonly id: string;
  readonly member_count?: number;
  readonly representative_ticket_id?: string;
}

/** Longer than the ten seconds that a sender waits. */
const HANGING_MS = 12_000;
const SLOW_MS = 1500;

/** Where alerts are posted: checks their signatures, and is not always friendly. */
export class WebhookReceiver {
  /** As `WEBHOOK_SECRET` takes it. */
  readonly secret = `whsec_${randomBytes(24).toString('base64')}`;
  private readonly webhook = new Webhook(this.secret);
  private readonly received = new Map<string, ReceivedWebhook>();
  private readonly moods = { friendly: 0, slow: 0, error: 0, hanging: 0 };
  private refused = 0;

  private constructor(
    private readonly server: Server,
    private readonly behaviourFor: (tries: number) => ReceiverBehaviour,
  ) {
    server.on('request', (request, response) => void this.receive(request, response));
  }

  /** @param moodOf - its mood for a webhook that was tried so often before */
  static async start(moodOf: (tries: number) => ReceiverBehaviour): Promise<WebhookReceiver> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new WebhookReceiver(server, moodOf);
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

  /** How often it was in which mood. */
  get behaviourCounts(): Readonly<Record<string, number>> {
    return this.moods;
  }

  /** Cuts all connections. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    let webhook: ReceivedWebhook;
    try {
      webhook = this.read(request, await bodyOf(request));
    } catch {
      this.refused += 1;
      response.writeHead(400).end();
      return;
    }
    const mood = this.behaviourFor(webhook.tries);
    webhook.tries += 1;
    this.moods[mood] += 1;
    if (mood === 'error') {
      response.writeHead(500).end();
      return;
    }
    if (mood !== 'friendly') await sleep(mood === 'slow' ? SLOW_MS : HANGING_MS, undefined, { ref: false });
    // Nobody was told 2xx if nobody listens any more.
    response.once('finish', () => (webhook.delivered += 1));
    response.writeHead(204).end();
  }

  /** @throws Error if the signature is none of ours, or the body none of a ticket's */
  private read(request: IncomingMessage, body: string): ReceivedWebhook {
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
      ...{ tries: 0, delivered: 0, bodies: new Set<string>() },
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
