import { lookup as systemLookup } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { type OutboxEntry, SmartSupportError, systemClock, type TimerClock } from '@smart-support/contracts';
import { Axios, type AxiosResponse } from 'axios';
import { type AddressPolicy, lookupWithPolicy } from './address-policy';
import type { DeliveryOutcome } from './delivery-outcome';
import { discardBody } from './discard-body';
import { outcomeOfAnswer, outcomeOfError, outcomeOfRefusal, outcomeOfTimeout } from './read-outcome';
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
  /** Signs every try: base64, with or without `whsec_` in front. Several sign it side by side. Without one nothing is signed. */
  readonly secret?: string | readonly string[];
  /** Whether a URL that is not `https:` is refused; false by default. */
  readonly httpsOnly?: boolean;
  /**
   * To which addresses connections may be made. Without it to all: only for a URL that comes from the operator's own environment, as `WEBHOOK_URL` does.
   * A connection that is kept is not checked again.
   */
  readonly addresses?: AddressPolicy;
  /** Resolves host names; `dns.lookup` by default. */
  readonly lookup?: LookupFunction;
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
  const { secret = [], httpsOnly = false, addresses, lookup = systemLookup } = options;
  const { timeoutMs = DEFAULT_TIMEOUT_MS, clock = systemClock, userAgent = 'smart-support-webhooks' } = options;
  if (!(timeoutMs > 0 && timeoutMs <= LONGEST_TIMEOUT_MS)) {
    throw new SmartSupportError(
      'invalid_config',
      `The webhook timeout must be above 0 and at most ${LONGEST_TIMEOUT_MS} ms.`,
    );
  }
  const url = checkUrl(options.url, httpsOnly);
  const [first, ...others] = typeof secret === 'string' ? [secret] : secret;
  return new AxiosSender({
    url: options.url,
    timeoutMs,
    userAgent,
    clock,
    signer: first === undefined ? undefined : createSigner(first, ...others),
    lookup: addresses ? lookupWithPolicy(lookup, addresses) : lookup,
    isRefused: addresses !== undefined && isRefusedLiteral(url, addresses),
  });
}

interface AxiosSenderOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly clock: TimerClock;
  readonly signer: Signer | undefined;
  readonly lookup: LookupFunction;
  /** Whether the URL has an address as its host, to which no connection may be made. */
  readonly isRefused: boolean;
}

class AxiosSender implements WebhookSender {
  readonly timeoutMs: number;
  private readonly httpAgent: HttpAgent;
  private readonly httpsAgent: HttpsAgent;
  private readonly axios: InstanceType<typeof Axios>;

  constructor(private readonly options: AxiosSenderOptions) {
    const { timeoutMs, lookup } = options;
    this.timeoutMs = timeoutMs;
    this.httpAgent = new HttpAgent({ ...AGENT, lookup });
    this.httpsAgent = new HttpsAgent({ ...AGENT, lookup });
    // Not made by `axios.create`: that one would inherit the defaults that a host application sets for all its calls.
    this.axios = new Axios({
      adapter: 'http',
      httpAgent: this.httpAgent,
      httpsAgent: this.httpsAgent,
      proxy: false,
      maxRedirects: 0,
      decompress: false,
      responseType: 'stream',
      validateStatus: () => true,
    });
  }

  async send(entry: OutboxEntry): Promise<DeliveryOutcome> {
    // An address is not looked up, so the check of answers does not see it.
    if (this.options.isRefused) return outcomeOfRefusal();
    const { clock } = this.options;
    // The timeout of axios itself restarts with every byte.
    const deadline = new AbortController();
    const cancelDeadline = clock.after(this.timeoutMs, () => deadline.abort());
    try {
      const { status, headers, data } = await this.post(entry, deadline.signal);
      await discardBody(data, deadline.signal);
      return outcomeOfAnswer(status, headers['retry-after'], clock.now());
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
    const { url, userAgent, signer, clock } = this.options;
    const now = clock.now();
    const headers = {
      'content-type': 'application/json',
      'user-agent': userAgent,
      'accept-encoding': 'identity',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1000)),
      ...(signer && { 'webhook-signature': signer(id, new Date(now), body) }),
    };
    return this.axios.post<Readable>(url, Buffer.from(body), { headers, signal });
  }
}

function checkUrl(text: string, httpsOnly: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && !httpsOnly))) return url;
  const schemes = httpsOnly ? 'https://' : 'http:// or https://';
  throw new SmartSupportError('invalid_config', `The webhook URL must begin with ${schemes} and name a host.`);
}

/** The parser of URLs has turned every notation of an IPv4 address into the usual one. */
function isRefusedLiteral({ hostname }: URL, addresses: AddressPolicy): boolean {
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(host) !== 0 && !addresses.allows(host);
}
