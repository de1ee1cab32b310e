import type { RedisServer } from '@smart-support/testing';
import { residentMegabytes } from '../gateway-metrics';
import { type Finding, reportedFinding, singleFinding } from '../measure';
import { postTickets } from '../post-tickets';
import { withRedis } from '../queue/bench-redis';
import { readSampleTexts } from '../sample-tickets';
import type { Workbench } from '../workbench';
import { startGateway, startWorker } from './fleet';
import { withSharedQueue } from './shared-queue';

const TICKETS = 100_000;

/** A worker has met the longest texts when it has done so many tickets. */
const WORKED = 500;

/** What gateway, worker and Redis take while 100,000 tickets are queued. */
export function benchQueuedMemory({ root }: Workbench): Promise<readonly Finding[]> {
  const texts = readSampleTexts(root);
  return withRedis(async (redis) => {
    const gateway = await startGateway(root, redis.url);
    try {
      const before = await bytesOf(redis);
      await postTickets(gateway.url, texts, TICKETS, 202);
      const bytes = ((await bytesOf(redis)) - before) / TICKETS;
      const gatewayMegabytes = await residentMegabytes(gateway.url);
      const workerMegabytes = await memoryOfWorker(root, redis);
      const bytesOfText = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length;
      return [
        reportedFinding('Memory with 100,000 tickets queued', 'MB', {
          'gateway that took them in': [gatewayMegabytes],
          [`worker with the bundled model, after ${WORKED} of them`]: [workerMegabytes],
        }),
        singleFinding(
          `Memory of Redis for a queued ticket, whose text has ${Math.round(bytesOfText)} bytes on average`,
          'bytes',
          'Redis',
          bytes,
        ),
      ];
    } finally {
      await gateway.stop();
    }
  });
}

function memoryOfWorker(root: string, redis: RedisServer): Promise<number> {
  return withSharedQueue(redis.url, async (queue) => {
    const worker = await startWorker(root, redis.url);
    try {
      await queue.shorterThan(TICKETS - WORKED);
      return await residentMegabytes(worker.url);
    } finally {
      await worker.stop();
    }
  });
}

async function bytesOf(redis: RedisServer): Promise<number> {
  const [, bytes] = /^used_memory:(\d+)/m.exec(String(await redis.command('INFO', 'memory'))) ?? [];
  return Number(bytes);
}
