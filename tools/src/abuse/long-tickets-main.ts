import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRedisServer } from '@smart-support/testing';
import { AppProcess } from '../cast/app-process';
import type { CleanUp } from '../cast/clean-up';
import { freePort } from '../cast/free-port';
import { runAndCleanUp } from '../cast/run-and-clean-up';
import { flood } from './long-tickets';

/**
 * Floods a gateway that may have 512 MB of heap with long tickets in compressed batches, without Redis or (`--redis`) with one of 256 MB, and says what
 * became of it and of an honest caller. `--tickets=100000`. Fails where the honest caller was not answered, or the gateway is gone.
 */
async function main(cleanUp: CleanUp): Promise<void> {
  const { values } = parseArgs({
    options: { tickets: { type: 'string', default: '100000' }, redis: { type: 'boolean', default: false } },
  });
  const tickets = Number(values.tickets);
  if (!(tickets >= 1 && tickets <= 10_000_000)) throw new Error('--tickets must be a number from 1 to 10000000');
  const folder = mkdtempSync(join(tmpdir(), 'long-tickets-'));
  cleanUp.add(() => rmSync(folder, { recursive: true, force: true }));
  const redis = values.redis ? await startRedisServer({ args: ['--maxmemory', '256mb'] }) : undefined;
  if (redis) cleanUp.add(() => redis.stop());

  const port = await freePort();
  const gateway = AppProcess.start({
    script: join(process.cwd(), 'apps/gateway/dist/main.js'),
    environment: {
      NODE_OPTIONS: '--max-old-space-size=512',
      PORT: String(port),
      MODEL_FALLBACK: '1',
      ...(redis && { REDIS_URL: redis.url }),
    },
    logFile: join(folder, 'gateway.log'),
  });
  cleanUp.add(() => gateway.kill());
  await gateway.ready('listening');

  const onProgress = (sent: number): void => console.error(`${sent} tickets sent`);
  const report = await flood({ port, pid: gateway.pid, tickets, onProgress });
  const { statuses, waits, honest, unanswered } = report;
  const at = (share: number): string => (waits[Math.floor(share * (waits.length - 1))] ?? 0).toFixed(0);
  console.log(`tickets by status   ${JSON.stringify(statuses)}`);
  console.log(`on the wire         ${report.wireBytes} bytes`);
  console.log(
    `gateway, at most    ${(report.mostMemory / 1e6).toFixed(0)} MB resident, ${gateway.isRunning ? 'running' : 'gone'}`,
  );
  if (redis)
    console.log(`Redis               ${usedIn(String(await redis.command('INFO', 'memory')))} bytes of 268435456`);
  console.log(
    `honest caller       ${JSON.stringify(honest)}, reads p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, not answered ${unanswered}`,
  );
  const wasServed = [honest.before, honest.read, honest.repeat].every((status) => status === 200 || status === 202);
  if (!gateway.isRunning || !wasServed || unanswered > 0) process.exitCode = 1;
}

function usedIn(info: string): string {
  return /^used_memory:(?<used>\d+)/m.exec(info)?.groups?.['used'] ?? 'unknown';
}

runAndCleanUp(main);
