import { join } from 'node:path';
import type { RedisReport } from '@smart-support/contracts';
import {
  explainFailure,
  gracefulShutdown,
  keepConnections,
  limitConnections,
  listen,
  logIgnoredSettings,
  metricsAccess,
  packageVersion,
  readConfig,
  readWebhookEndpoints,
} from '@smart-support/runtime';
import { createHealthServer, createLogger, createMetrics } from '@smart-support/telemetry';
import { redisSettings } from './redis-settings';
import { startWorker } from './worker';

/** A process that has still not ended after this time, because a model hangs in a run, is ended the hard way. */
const KILL_AFTER_MS = 19_000;

/** Redis while the models are being loaded. */
const NOT_ASKED_YET: RedisReport = { redis: 'down', redis_problem: null, redis_maxmemory_policy: null };

async function main(): Promise<void> {
  const read = readConfig(process.env, 'worker');
  const { config } = read;
  const version = packageVersion(join(__dirname, '..'));
  const redis = redisSettings(config);
  const endpoints = readWebhookEndpoints(config.webhooks.endpointsFile, process.env);
  const logger = createLogger({ level: config.log.level, name: 'worker' });
  logIgnoredSettings(logger, read);
  const metrics = createMetrics({ version });

  let isReady = (): boolean => false;
  let redisNow = (): RedisReport => NOT_ASKED_YET;
  const server = createHealthServer({
    isReady: () => isReady(),
    health: () => ({ status: 'ok', ...redisNow(), version }),
    metrics,
    refuseMetrics: metricsAccess(config.access.keys),
  });
  keepConnections(server, config.http.keepAliveMs);
  limitConnections(server);
  const { host } = config.http;
  const port = await listen(server, config.worker.port, host);
  logger.info({ host, port, version }, 'listening: livez, readyz, health and metrics');
  const onReady = (): void => logger.info({ host, port, version }, 'ready');
  const worker = await startWorker({ config, redis, logger, metrics, endpoints, onReady });
  isReady = () => worker.isReady;
  redisNow = () => worker.redis;

  const stop = gracefulShutdown({
    draining: 'draining: finishing what is in flight',
    drain: async () => {
      try {
        await worker.stop();
      } finally {
        server.close();
        server.closeAllConnections();
      }
    },
    hurry: () => worker.hurry(),
    killAfterMs: KILL_AFTER_MS,
    killing: 'ending the hard way: a model hangs in a run',
    kill: () => process.kill(process.pid, 'SIGKILL'),
    logger,
  });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A worker that waits for Redis can be stopped already.
  await worker.firstContact();
}

main().catch((error: unknown) => {
  console.error(explainFailure(error, 'WORKER_PORT'));
  // Whatever was half started must not keep the process alive.
  process.exit(1);
});
