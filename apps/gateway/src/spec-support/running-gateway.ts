import type { AddressInfo } from 'node:net';
import { loadConfig } from '@smart-support/config';
import type { Ticket } from '@smart-support/contracts';
import { createLogger, createMetrics } from '@smart-support/telemetry';
import { type Engine, createEngine } from '../engine';
import { createGatewayServer } from '../gateway-server';
import { readWebhookEndpoints } from '@smart-support/runtime';
import { domainsOf, readHookFile } from '../hook-file';

/** An HTTP answer, read to its end. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** A gateway with its whole engine behind a real socket, for one spec file. */
export interface RunningGateway {
  readonly port: number;
  readonly engine: Engine;
  /** Every line that was logged. */
  readonly log: readonly string[];
  /** Sends a request; a body that is not a string is sent as JSON. */
  call<Body = Ticket>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>;
  stop(): Promise<void>;
}

/** Starts a gateway on a free port, configured as an operator would; its model runs on one thread by default. */
export async function startGateway(env: Record<string, string> = {}): Promise<RunningGateway> {
  const config = loadConfig({ LOG_LEVEL: 'debug', INFERENCE_THREADS: '1', ...env });
  const log: string[] = [];
  const logger = createLogger({ level: 'debug', name: 'spec', destination: { write: (line) => void log.push(line) } });
  const metrics = createMetrics({ version: '0.0.0' });
  const hooks = readHookFile(config.hooks.file, env);
  const endpoints = readWebhookEndpoints(config.webhooks.endpointsFile, env);
  const engine = await createEngine(config, logger, metrics, { hookDomains: domainsOf(hooks), endpoints });
  metrics.watchQueue(() => engine.serving.report());
  const server = createGatewayServer(config, { engine, metrics, logger, hooks, version: '0.0.0' }).http;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    port,
    engine,
    log,
    async call<Body>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json');
      return {
        status: response.status,
        headers: response.headers,
        body: (isJson ? JSON.parse(text) : text) as Body,
      };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await engine.stop();
    },
  };
}
