import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type Config, loadConfig } from '@smart-support/config';
import { explainFailure } from '@smart-support/runtime';
import { createLogger, createMetrics } from '@smart-support/telemetry';
import { createEngine } from './engine';
import { gatewayDependencies } from './dependencies';
import { createGateway } from './gateway';

const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string };

/** Requests still unanswered after this time are cut off when the process stops: sooner than the ten seconds after which containers are killed. */
const DRAIN_MS = 8_000;

/** A process that has still not ended after this time, because a model hangs in a run or a receiver is slow, is ended the hard way. */
const END_MS = 9_000;

/** A second signal within this time of the first is the same wish to stop. */
const SAME_WISH_MS = 1_000;

async function main(config: Config): Promise<void> {
  const logger = createLogger({ level: config.log.level, name: 'gateway' });
  const metrics = createMetrics({ version });
  const engine = await createEngine(config, logger, metrics);
  metrics.watchQueue(() => engine.serving.report());

  let draining = false;
  const app = createGateway(
    gatewayDependencies(config, { engine, metrics, logger, version, isReady: () => !draining }),
  );
  const server = createServer(app);
  // While draining, a connection that was kept alive goes as soon as its last answer is out.
  server.on('request', (_request, response) => {
    response.on('close', () => {
      if (draining) setImmediate(() => server.closeIdleConnections());
    });
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(config.http.port, config.http.host, resolve);
    });
  } catch (error) {
    await engine.stop();
    throw error;
  }
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : config.http.port;
  logger.info({ host: config.http.host, port, version }, 'listening');

  let firstSignal = 0;
  const stop = (signal: string): void => {
    if (draining) {
      // Ctrl-C under npm arrives twice, from the terminal and from npm: that is one wish, not two.
      if (performance.now() - firstSignal < SAME_WISH_MS) return;
      logger.warn({ signal }, 'stopping at once');
      endAtOnce();
      return;
    }
    firstSignal = performance.now();
    draining = true;
    logger.info({ signal }, 'draining: answering what was accepted');
    setTimeout(() => {
      logger.error({}, 'ending the hard way: something did not let go in time');
      endAtOnce();
    }, END_MS).unref();
    const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
    server.close(() => {
      clearTimeout(deadline);
      void engine.stop().then(
        () => logger.info({}, 'stopped'),
        (error: unknown) => logger.error({ err: error }, 'stopped, but not everything could be let go'),
      );
    });
    server.closeIdleConnections();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Not `process.exit`: in the middle of a model's run that ends in an abort with a message of the C++ runtime. */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

Promise.resolve()
  .then(() => main(loadConfig(process.env)))
  .catch((error: unknown) => {
    console.error(explainFailure(error, 'PORT'));
    // Whatever was half started must not keep the process alive.
    process.exit(1);
  });
