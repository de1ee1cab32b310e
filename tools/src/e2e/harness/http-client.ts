import { Agent, request } from 'node:http';

/** The outcome of a request. */
export interface HttpAnswer {
  /** 0 if there was no answer. */
  readonly status: number;
  /** The body, if it is JSON. */
  readonly body: unknown;
  readonly retryAfterMs: number | undefined;
  /** Why there was no answer, for example `ECONNREFUSED`. */
  readonly trouble: string | undefined;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly waitedMs: number;
}

/** Timeout, in milliseconds; longer than any answer should take. */
const PATIENCE_MS = 15_000;

/** Sends JSON to one server over a bounded number of connections. Never rejects: a missing answer has status 0. */
export class HttpClient {
  private readonly agent: Agent;

  constructor(
    private readonly port: number,
    connections: number,
    /** Sent with every request, such as a key. */
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @param body - sent as JSON; nothing is sent if left out */
  send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<HttpAnswer> {
    const sentAt = Date.now();
    const start = performance.now();
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    return new Promise((resolve) => {
      const answer = (what: Partial<HttpAnswer>): void =>
        resolve({
          status: 0,
          body: undefined,
          retryAfterMs: undefined,
          trouble: undefined,
          ...what,
          sentAt,
          waitedMs: performance.now() - start,
        });
      const failed = (error: NodeJS.ErrnoException): void => answer({ trouble: error.code ?? error.message });
      const sent = request(
        {
          agent: this.agent,
          host: '127.0.0.1',
          port: this.port,
          method,
          path,
          headers: {
            ...this.headers,
            ...(payload && { 'content-type': 'application/json', 'content-length': payload.length }),
          },
          timeout: PATIENCE_MS,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', failed);
          response.on('end', () => {
            const retryAfter = Number(response.headers['retry-after'] ?? NaN);
            answer({
              status: response.statusCode ?? 0,
              body: parsed(Buffer.concat(chunks).toString()),
              retryAfterMs: Number.isNaN(retryAfter) ? undefined : 1000 * retryAfter,
            });
          });
        },
      );
      sent.on('timeout', () => sent.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })));
      sent.on('error', failed);
      sent.end(payload);
    });
  }

  /** Closes the connections. */
  close(): void {
    this.agent.destroy();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
