/**
 * Ends with 0 if the process of this container answers `GET /livez`, and with 1 and a sentence if it does not.
 *
 * Usage: `node health-check.mjs [gateway|worker|mailbox]`. Docker runs it without an argument, and then the role is the one
 * that the container was started with.
 */
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { loadConfig } from '@smart-support/config';

/** Less than the image's own timeout, so that there is a sentence and not only a killed check. */
const PATIENCE_MS = 3_000;

const startedRole = () => {
  const command = readFileSync('/proc/1/cmdline', 'utf8').split('\0');
  return command[command.findIndex((argument) => argument.endsWith('/entrypoint.sh')) + 1];
};

const portOf = (role, { http, worker, mailbox }) => {
  const port = { gateway: http.port, worker: worker.port, mailbox: mailbox.port }[role];
  if (port === undefined) throw new Error(`the role must be gateway, worker or mailbox, not "${role}"`);
  if (port === 0) throw new Error('the port was left to chance (0): name one, so that it can be asked');
  return port;
};

/** From within, an address that means "every one" is asked at the loopback. */
const addressOf = (host) => ({ '0.0.0.0': '127.0.0.1', '::': '::1' })[host] ?? host;

const statusOf = (options) =>
  new Promise((resolve, reject) => {
    const request = get({ ...options, path: '/livez', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', reject);
    setTimeout(() => request.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS).unref();
  });

try {
  const role = process.argv[2] ?? startedRole();
  const config = loadConfig(process.env, { process: role });
  const status = await statusOf({ host: addressOf(config.http.host), port: portOf(role, config) });
  if (status !== 200) throw new Error(`/livez says ${status}`);
} catch (error) {
  console.error(`Not healthy: ${error.message}`);
  process.exitCode = 1;
}
