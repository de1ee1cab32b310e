import { parseArgs } from 'node:util';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startRedisServer } from '@smart-support/testing';
import { runCommand } from '../workspace/run-command';
import { type Ending, type Environment, ImageTree, type RunningRole } from './container';
import { readImageSettings } from './dockerfile';
import { runTool } from '../workspace/run-tool';

/**
 * `npx nx run tools:docker-check`: checks the image without a container engine. It lays out the image's
 * files with the script that the Dockerfile runs, starts both roles from there by the image's entry point, environment
 * and (where it may) user, on a real redis-server, and has a ticket answered.
 */
const root = process.cwd();
const SECRET = 'a-key-of-this-check-alone';
/** A ticket that no worker has routed after this many polls, ten a second, counts as lost. */
const TRIES = 100;

async function step<Result>(title: string, work: () => Promise<Result>): Promise<Result> {
  try {
    const result = await work();
    console.log(`  ok      ${title}`);
    return result;
  } catch (error) {
    console.log(`  FAILED  ${title}\n`);
    throw error;
  }
}

function expectEnding(found: Ending, code: number, complaint = ''): void {
  if (found.code === code && found.complaint.includes(complaint)) return;
  const wanted = complaint === '' ? '' : ` and a sentence with "${complaint}"`;
  throw new Error(`expected code ${code}${wanted}, found code ${found.code} and "${found.complaint}"`);
}

/** Posts a ticket and waits until a worker has assigned it to an agent. */
async function routeOneTicket(port: number): Promise<void> {
  const headers = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ id: 'docker-check', text: 'I was charged twice this month.' });
  const accepted = await fetch(`http://127.0.0.1:${port}/ticket`, { method: 'POST', headers, body });
  if (accepted.status !== 202) throw new Error(`POST /ticket answered ${accepted.status}: ${await accepted.text()}`);
  let last = '';
  for (let tries = 0; tries < TRIES; tries++) {
    last = await (await fetch(`http://127.0.0.1:${port}/tickets/docker-check`, { headers })).text();
    // The bundled model answered, not only the baseline.
    if (last.includes('"status":"assigned"') && last.includes('"model":"transformer"')) return;
    await pause(100);
  }
  throw new Error(`the ticket was not routed by the model: ${last}`);
}

async function checkRefusals(tree: ImageTree): Promise<void> {
  await step('an unknown role is refused', async () => {
    expectEnding(await tree.runToEnd('manager', {}), 64, 'gateway, worker or mailbox');
  });
  await step('a gateway that others can reach does not start without keys', async () => {
    expectEnding(await tree.runToEnd('gateway', {}), 1, 'API_KEYS');
  });
  await step('a worker without Redis reports what is missing', async () => {
    expectEnding(await tree.runToEnd('worker', { ALLOW_ANONYMOUS: '1' }), 1, 'REDIS_URL');
  });
  await step('a mailbox without a server reports what is missing', async () => {
    expectEnding(await tree.runToEnd('mailbox', {}), 1, 'MAILBOX_IMAP_URL');
  });
}

async function checkBothRoles(tree: ImageTree, redisUrl: string): Promise<void> {
  const running: RunningRole[] = [];
  const start = async (role: string, message: string, environment: Environment): Promise<RunningRole> => {
    const started = await tree.start(role, message, { HOST: '127.0.0.1', REDIS_URL: redisUrl, ...environment });
    running.push(started);
    return started;
  };
  try {
    const gateway = await step('the gateway starts', () =>
      start('gateway', 'listening', { PORT: '0', API_KEYS: `check:operator:${SECRET}` }),
    );
    const worker = await step('the worker starts', () =>
      start('worker', 'ready', { WORKER_PORT: '0', INFERENCE_THREADS: '1' }),
    );
    await step('a ticket is accepted by one and routed by the other', () => routeOneTicket(gateway.port));

    const ports = { HOST: '127.0.0.1', PORT: String(gateway.port), WORKER_PORT: String(worker.port) };
    for (const [role, process] of Object.entries({ gateway, worker })) {
      await step(`the health check finds the ${role} alive`, async () => {
        expectEnding(await tree.checkHealth(role, ports), 0);
      });
      await step(`SIGTERM ends the ${role} with code 0`, async () => expectEnding(await process.stop(), 0));
      await step(`the health check finds the ${role} dead`, async () => {
        expectEnding(await tree.checkHealth(role, ports), 1, 'Not healthy');
      });
    }
  } finally {
    for (const { kill } of running) kill();
  }
}

async function main(): Promise<void> {
  // Refuses every option.
  parseArgs({ options: {} });
  const settings = readImageSettings(readFileSync(join(root, 'docker', 'Dockerfile'), 'utf8'));
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'docker-check-')));
  // The image's user needs access.
  chmodSync(scratch, 0o755);
  try {
    const directory = join(scratch, 'app');
    console.log((await runCommand(process.execPath, ['docker/assemble.mjs', directory], root)).trim());
    const tree = new ImageTree(directory, settings);
    await checkRefusals(tree);
    const redis = await startRedisServer({ appendOnly: true });
    try {
      await checkBothRoles(tree, redis.url);
    } finally {
      await redis.stop();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

runTool(main);
