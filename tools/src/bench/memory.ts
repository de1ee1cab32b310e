import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedisServer } from '@smart-support/testing';
import { withSharedQueue } from './async/shared-queue';
import { usedMemory, withRedis } from './bench-redis';
import { residentMegabytes } from './gateway-metrics';
import { type Finding, reportedFinding, singleFinding } from './measure';
import { post, postTickets } from './post-tickets';
import { readSampleTexts } from './sample-tickets';
import { WITHOUT_TRANSFORMERS, startGateway, startWorker } from './server-process';
import type { Workbench } from './workbench';

const TICKETS = 100_000;

/** After this many tickets a worker has run the longest texts. */
const WORKED = 500;

/** One agent, who completes every ticket at once. */
const AGENT = {
  id: 'a1',
  name: 'Ada',
  skills: { Billing: 1, Technical: 1, Legal: 1 },
  capacity: 1000,
  status: 'available',
};

/** Resident memory of the gateway without transformers after 100,000 tickets: all completed, or all waiting for an agent. */
export async function benchMemory({ root }: Workbench): Promise<readonly Finding[]> {
  const finished = await memoryAfter(root, 'finished');
  const waiting = await memoryAfter(root, 'waiting');
  const title = 'Memory without transformers';
  return [
    singleFinding(`${title} after 100,000 finished tickets`, 'MB', 'gateway', finished, 'below 150 MB'),
    singleFinding(`${title} with 100,000 tickets waiting`, 'MB', 'gateway', waiting),
  ];
}

async function memoryAfter(root: string, outcome: 'finished' | 'waiting'): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  const roster = join(scratch, 'roster.json');
  writeFileSync(roster, JSON.stringify({ agents: outcome === 'finished' ? [AGENT] : [] }));
  const server = await startGateway(root, {
    ...WITHOUT_TRANSFORMERS,
    AGENTS_FILE: roster,
    TICKETS_KEPT: String(TICKETS),
    LOG_LEVEL: 'info',
  });
  try {
    await postTickets(server.url, readSampleTexts(root), TICKETS, 200, async (answers) => {
      if (outcome === 'finished')
        await Promise.all(answers.map(({ id = '' }) => post(server.url, `/tickets/${id}/complete`, {})));
    });
    return await residentMegabytes(server.url);
  } finally {
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Memory of gateway, worker and Redis while 100,000 tickets are queued. */
export function benchQueuedMemory({ root }: Workbench): Promise<readonly Finding[]> {
  const texts = readSampleTexts(root);
  return withRedis(async (redis) => {
    const gateway = await startGateway(root, { REDIS_URL: redis.url });
    try {
      const before = await usedMemory(redis);
      await postTickets(gateway.url, texts, TICKETS, 202);
      const bytes = ((await usedMemory(redis)) - before) / TICKETS;
      const megabytes = {
        'gateway that accepted them': [await residentMegabytes(gateway.url)],
        [`worker with the bundled model, after ${WORKED} of them`]: [await memoryOfWorker(root, redis)],
      };
      const bytesOfText = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length;
      const title = `Memory of Redis for a queued ticket, whose text has ${Math.round(bytesOfText)} bytes on average`;
      return [
        reportedFinding('Memory with 100,000 tickets queued', 'MB', megabytes),
        singleFinding(title, 'bytes', 'Redis', bytes),
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
      await queue.waitUntilShorterThan(TICKETS - WORKED);
      return await residentMegabytes(worker.url);
    } finally {
      await worker.stop();
    }
  });
}
