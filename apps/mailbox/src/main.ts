import { join } from 'node:path';
import { systemClock } from '@smart-support/contracts';
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
} from '@smart-support/runtime';
import { createHealthServer, createLogger, createMetrics } from '@smart-support/telemetry';
import { openImapFolder } from './folder/imap-folder';
import { sendByHttp } from './gateway/send-call';
import { Mailbox } from './mailbox';
import { imapSettings } from './mailbox-settings';

/** A process that has still not ended after this time, because the gateway or the server does not answer, is ended the hard way. */
const KILL_AFTER_MS = 19_000;

async function main(): Promise<void> {
  const read = readConfig(process.env, 'mailbox');
  const { config } = read;
  const version = packageVersion(join(__dirname, '..'));
  const imap = imapSettings(config);
  const logger = createLogger({ level: config.log.level, name: 'mailbox' });
  logIgnoredSettings(logger, read);
  const metrics = createMetrics({ version });
  const mailbox = new Mailbox({
    openFolder: () => openImapFolder(imap, systemClock),
    send: sendByHttp(config.mailbox.gatewayUrl, config.mailbox.apiKey),
    pollMs: config.mailbox.pollMs,
    clock: systemClock,
    ...{ logger, metrics },
  });
  const server = createHealthServer({
    isReady: () => mailbox.isReady,
    health: () => ({ status: 'ok', ...mailbox.report, version }),
    metrics,
    refuseMetrics: metricsAccess(config.access.keys),
  });
  keepConnections(server, config.http.keepAliveMs);
  limitConnections(server);
  const { host } = config.http;
  const port = await listen(server, config.mailbox.port, host);
  logger.info({ host, port, version }, 'listening: livez, readyz, health and metrics');
  mailbox.start();

  const stop = gracefulShutdown({
    draining: 'draining: finishing the mail in flight',
    drain: async () => {
      try {
        await mailbox.stop();
      } finally {
        server.close();
        server.closeAllConnections();
      }
    },
    killAfterMs: KILL_AFTER_MS,
    killing: 'ending the hard way: the gateway or the IMAP server does not answer',
    kill: () => process.kill(process.pid, 'SIGKILL'),
    logger,
  });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  console.error(explainFailure(error, 'MAILBOX_PORT'));
  // Whatever was half started must not keep the process alive.
  process.exit(1);
});
