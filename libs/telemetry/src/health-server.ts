import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Metrics } from './metrics';

/** What {@link createHealthServer} asks. */
export interface HealthServerOptions {
  /** Whether the process takes work now: false while it starts up or drains. Throwing counts as no. */
  readonly isReady: () => boolean | Promise<boolean>;
  readonly metrics: Pick<Metrics, 'render'>;
  /** The status by which a request for the metrics is refused; `undefined` if it is answered. By default all are. */
  readonly refuseMetrics?: (request: IncomingMessage) => 401 | 403 | undefined;
  /** What `GET /health` answers, as JSON with status 200; without it there is no such route. */
  readonly health?: () => object;
}

/** One answer, ready to be written. */
interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Slow clients must not hold sockets of a process that has other work. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Liveness, readiness and metrics over HTTP for a process that has no other server: `GET /livez` answers 200 as long as
 * the process answers, `GET /readyz` 200 or 503, `GET /health` its state, `GET /metrics` Prometheus' text, under a key where that is wanted. Errors are problem+json (RFC 9457).
 * @returns a server that does not listen yet
 */
export function createHealthServer({ isReady, metrics, health, refuseMetrics }: HealthServerOptions): Server {
  const routes = new Map<string, (request: IncomingMessage) => Answer | Promise<Answer>>([
    ['/livez', () => statusAnswer('ok')],
    ...(health ? ([['/health', () => jsonAnswer(health())]] as const) : []),
    ['/readyz', async () => ((await saysYes(isReady)) ? statusAnswer('ok') : problem(503, 'Service Unavailable'))],
    [
      '/metrics',
      async (request) => {
        const refusal = refuseMetrics?.(request);
        if (refusal === 401) return problem(401, 'Unauthorized', { 'www-authenticate': 'Bearer' });
        if (refusal === 403) return problem(403, 'Forbidden');
        const { contentType, body } = await metrics.render();
        return { status: 200, contentType, body };
      },
    ],
  ]);

  return createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    // An answer of the handler's own fault is still an answer; nothing here may end the process.
    void answer(request).then(
      (found) => send(response, found),
      () => send(response, problem(500, 'Internal Server Error')),
    );
  });

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { method, url = '' } = request;
    const [path = ''] = url.split('?', 1);
    const route = routes.get(path);
    if (!route) return problem(404, 'Not Found');
    if (method !== 'GET') return problem(405, 'Method Not Allowed', { allow: 'GET' });
    return route(request);
  }
}

async function saysYes(isReady: HealthServerOptions['isReady']): Promise<boolean> {
  try {
    return await isReady();
  } catch {
    return false;
  }
}

function statusAnswer(status: string): Answer {
  return jsonAnswer({ status });
}

function jsonAnswer(body: object): Answer {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(body) };
}

function problem(status: number, title: string, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = JSON.stringify({ type: 'about:blank', title, status });
  return { status, contentType: 'application/problem+json', body, headers };
}

function send(response: ServerResponse, { status, contentType, body, headers }: Answer): void {
  response.writeHead(status, {
    ...headers,
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}
