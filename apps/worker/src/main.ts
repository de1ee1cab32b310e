import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, loadConfig } from '@smart-support/config';
import { explainFailure } from '@smart-support/runtime';
import { createHealthServer, createLogger, createMetrics } from '@smart-support/telemetry';
import { listen } from './listen';
import { redisSettings } from './redis-settings';
import { startWorker } from './worker';

const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string };

/** A process that has still not ended after this time, because a model hangs in a run, is ended the hard way. */
const END_MS = 19_000;

/** After a second signal, when everything was handed back, the end may take so long. */
const HURRIED_END_MS = 1_000;

/** A second signal within this time of the first is the same wish to stop. */
const SAME_WISH_MS = 1_000;

async function main(config: Config): Promise<void> {
  const redis = redisSettings(config);
  const logger = createLogger({ level: config.log.level, name: 'worker' });
  const metrics = createMetrics({ version });

  let isReady = (): boolean => false;
  const server = createHealthServer({ isReady: () => isReady(), metrics });
  const { host } = config.http;
  const port = await listen(server, config.worker.port, host);
  logger.info({ host, port, version }, 'listening: livez, readyz and metrics');
  const onReady = (): void => logger.info({ host, port, version }, 'ready');
  const worker = await startWorker({ config, redis, logger, metrics, onReady });
  isReady = () => worker.isReady;

  const drain = async (): Promise<void> => {
    setTimeout(() => {
      logger.error({}, 'ending the hard way: a model hangs in a run');
      endAtOnce();
    }, END_MS).unref();
    try {
      await worker.stop();
      logger.info({}, 'stopped');
    } catch (error) {
      logger.error({ err: error }, 'stopped, but not everything could be let go');
    }
    server.close();
    server.closeAllConnections();
  };
  const hurry = async (): Promise<void> => {
    await worker.hurry();
    setTimeout(endAtOnce, HURRIED_END_MS).unref();
  };

  let firstSignal: number | undefined;
  let isHurried = false;
  const onSignal = (signal: string): void => {
    if (firstSignal === undefined) {
      firstSignal = performance.now();
      logger.info({ signal }, 'draining: finishing what is in hand');
      void drain();
      return;
    }
    // Ctrl-C under npm arrives twice, from the terminal and from npm: that is one wish, not two.
    if (performance.now() - firstSignal < SAME_WISH_MS) return;
    if (isHurried) endAtOnce();
    isHurried = true;
    logger.warn({ signal }, 'stopping at once');
    void hurry();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** Not `process.exit`: in the middle of a model's run that ends in an abort with a message of the C++ runtime. */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

Promise.resolve()
  .then(() => main(loadConfig(process.env, { hasApi: false })))
  .catch((error: unknown) => {
    console.error(explainFailure(error, 'WORKER_PORT'));
    // Whatever was half started must not keep the process alive.
    process.exit(1);
  });
