import { join } from 'node:path';
import {
  explainFailure,
  gracefulShutdown,
  listen,
  logIgnoredSettings,
  packageVersion,
  readConfig,
  readWebhookEndpoints,
} from '@smart-support/runtime';
import { createLogger, createMetrics } from '@smart-support/telemetry';
import { createEngine } from './engine';
import { createGatewayServer } from './gateway-server';
import { domainsOf, readHookFile } from './hook-file';

/** A process that has still not ended after this time, because a model hangs in a run or a receiver is slow, is killed. */
const KILL_AFTER_MS = 9_000;

/** The log is written in the background, and SIGKILL would lose its last lines: the pause before it, in milliseconds. */
const LAST_LINES_MS = 250;

async function main(): Promise<void> {
  const read = readConfig(process.env, 'gateway');
  const { config } = read;
  const version = packageVersion(join(__dirname, '..'));
  const logger = createLogger({ level: config.log.level, name: 'gateway' });
  logIgnoredSettings(logger, read);
  const metrics = createMetrics({ version });
  const hooks = readHookFile(config.hooks.file, process.env);
  const endpoints = readWebhookEndpoints(config.webhooks.endpointsFile, process.env);
  const engine = await createEngine(config, logger, metrics, { hookDomains: domainsOf(hooks), endpoints });
  metrics.watchQueue(() => engine.serving.report());

  const server = createGatewayServer(config, { engine, metrics, logger, hooks, version });
  const { host } = config.http;
  const port = await listen(server.http, config.http.port, host).catch(async (error: unknown) => {
    await engine.stop();
    throw error;
  });
  logger.info({ host, port, version }, 'listening');

  const stop = gracefulShutdown({
    draining: 'draining: answering what was accepted',
    drain: async () => {
      await server.drain();
      await engine.stop();
    },
    killAfterMs: KILL_AFTER_MS,
    killing: 'ending the hard way: something did not let go in time',
    kill: () => {
      engine.reportUnsaved();
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_LINES_MS);
    },
    logger,
  });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  console.error(explainFailure(error, 'PORT'));
  // Whatever was half started must not keep the process alive.
  process.exit(1);
});
