import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { type OutboxEntry, SmartSupportError, systemClock, type TimerClock } from '@smart-support/contracts';
import { Axios, type AxiosResponse } from 'axios';
import type { DeliveryOutcome } from './delivery-outcome';
import { discardBody } from './discard-body';
import { outcomeOfAnswer, outcomeOfError, outcomeOfTimeout } from './read-outcome';
import { createSigner, type Signer } from './signer';

/** How long one try may take, in milliseconds: connecting, sending and the whole answer. */
const DEFAULT_TIMEOUT_MS = 10_000;

/** Longest timeout that can be set, in milliseconds. */
const LONGEST_TIMEOUT_MS = 600_000;

/**
 * Few connections are kept while idle, and closed sooner than most servers do it (after 5 s and more): a try must not meet a connection
 * that is just going away.
 */
const AGENT = { keepAlive: true, maxFreeSockets: 8, timeout: 4000 } as const;

/** Where events go and how. */
export interface WebhookSenderOptions {
  /** `http:` or `https:`; a user and a password in it are sent as basic authentication. */
  readonly url: string;
  /** Signs every try: base64, with or without `whsec_` in front. Without it nothing is signed. */
  readonly secret?: string;
  /** How long one try may take in all, in milliseconds, at most 600,000; 10,000 by default. */
  readonly timeoutMs?: number;
  /** `smart-support-webhooks` by default. */
  readonly userAgent?: string;
  /** The machine's own by default. */
  readonly clock?: TimerClock;
}

/** Sends events to one receiver. */
export interface WebhookSender {
  /** How long a try takes at most, in milliseconds. */
  readonly timeoutMs: number;
  /** Tries once to deliver an event. Never rejects: every result is an outcome. */
  send(entry: OutboxEntry): Promise<DeliveryOutcome>;
  /** Closes idle connections. They do not keep the process alive, so this is optional. */
  close(): void;
}

/**
 * Makes a sender of signed webhooks (Standard Webhooks). One try is one POST with the event's body byte for byte; `webhook-id` is the
 * event's id, the same on every try. Redirects are not followed, proxies of the environment are not used, answers are not decompressed
 * and not read beyond 64 KiB.
 * @throws SmartSupportError `invalid_config` for a URL, a secret or a timeout that cannot be used; quotes neither URL nor secret
 */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { url, secret, timeoutMs = DEFAULT_TIMEOUT_MS, clock = systemClock } = options;
  const { userAgent = 'smart-support-webhooks' } = options;
  if (!(timeoutMs > 0 && timeoutMs <= LONGEST_TIMEOUT_MS)) {
    throw new SmartSupportError(
      'invalid_config',
      `The webhook timeout must be above 0 and at most ${LONGEST_TIMEOUT_MS} ms.`,
    );
  }
  const signer = secret === undefined ? undefined : createSigner(secret);
  return new AxiosSender(checkUrl(url), timeoutMs, userAgent, signer, clock);
}

class AxiosSender implements WebhookSender {
  private readonly httpAgent = new HttpAgent(AGENT);
  private readonly httpsAgent = new HttpsAgent(AGENT);
  /** Not made by `axios.create`: that one would inherit the defaults that a host application sets for all its calls. */
  private readonly axios = new Axios({
    adapter: 'http',
    httpAgent: this.httpAgent,
    httpsAgent: this.httpsAgent,
    proxy: false,
    maxRedirects: 0,
    decompress: false,
    responseType: 'stream',
    validateStatus: () => true,
  });

  constructor(
    private readonly url: string,
    readonly timeoutMs: number,
    private readonly userAgent: string,
    private readonly signer: Signer | undefined,
    private readonly clock: TimerClock,
  ) {}

  async send(entry: OutboxEntry): Promise<DeliveryOutcome> {
    // The timeout of axios itself restarts with every byte.
    const deadline = new AbortController();
    const cancelDeadline = this.clock.after(this.timeoutMs, () => deadline.abort());
    try {
      const { status, headers, data } = await this.post(entry, deadline.signal);
      await discardBody(data, deadline.signal);
      return outcomeOfAnswer(status, headers['retry-after'], this.clock.now());
    } catch (error) {
      return deadline.signal.aborted ? outcomeOfTimeout(this.timeoutMs) : outcomeOfError(error);
    } finally {
      cancelDeadline();
    }
  }

  close(): void {
    this.httpAgent.destroy();
    this.httpsAgent.destroy();
  }

  private async post({ id, body }: OutboxEntry, signal: AbortSignal): Promise<AxiosResponse<Readable>> {
    const now = this.clock.now();
    const headers = {
      'content-type': 'application/json',
      'user-agent': this.userAgent,
      'accept-encoding': 'identity',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1000)),
      ...(this.signer && { 'webhook-signature': this.signer(id, new Date(now), body) }),
    };
    return this.axios.post<Readable>(this.url, Buffer.from(body), { headers, signal });
  }
}

function checkUrl(url: string): string {
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined;
  if (protocol === 'http:' || protocol === 'https:') return url;
  throw new SmartSupportError('invalid_config', 'The webhook URL must begin with http:// or https:// and name a host.');
}
