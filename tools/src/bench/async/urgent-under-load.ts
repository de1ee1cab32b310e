import { setTimeout as sleep } from 'node:timers/promises';
import { URGENT_LANE_THRESHOLD } from '@smart-support/pipeline';
import { createUrgencyBaseline, createUrgencyHead } from '@smart-support/urgency';
import { WebhookReceiver } from '../../e2e/harness/webhook-receiver';
import { withRedis } from '../bench-redis';
import { type Finding, reportedFinding, singleFinding } from '../measure';
import { embedAll, openBenchEmbedder } from '../pool-throughput';
import { post, postTickets } from '../post-tickets';
import { readSampleTickets } from '../sample-tickets';
import { startGateway, startWorker } from '../server-process';
import { quantile } from '../statistics';
import type { Workbench } from '../workbench';
import { withSharedQueue } from './shared-queue';

const NORMAL_TICKETS = 10_000;

/** Tickets of the second round of writing, which is later than the patterns that choose the lane. */
const SECOND_ROUND = 'x';

/** Default threshold above which a ticket is urgent and raises an alert. */
const ALERT_THRESHOLD = 0.8;

/** Between two urgent tickets: far fewer than a worker can process, so that no queue of them is measured. */
const PAUSE_MS = 100;

/** An alert that has not arrived after this time is missing. */
const ALERT_TIMEOUT_MS = 20_000;

/** A ticket and the scores of both models. */
interface Scored {
  readonly text: string;
  /** Whether the patterns put it into the urgent lane on admission. */
  readonly inUrgentLane: boolean;
  /** Whether the model finds it urgent. */
  readonly isUrgent: boolean;
}

/**
 * Urgent tickets while 10,000 normal ones wait: how many of them the patterns find on admission, and the time from posting one
 * of those to its webhook. One worker with the bundled model on all cores, gateway, Redis and receiver on the same machine.
 */
export async function benchUrgent({ root }: Workbench): Promise<readonly Finding[]> {
  const scored = await scoreTickets(root);
  const urgent = scored.filter(({ isUrgent }) => isUrgent);
  const found = urgent.filter(({ inUrgentLane }) => inUrgentLane);
  const normal = scored.filter(({ isUrgent, inUrgentLane }) => !isUrgent && !inUrgentLane);
  const texts = (tickets: readonly Scored[]): readonly string[] => tickets.map(({ text }) => text);
  const times = await timesToWebhook(root, texts(normal), texts(found));
  const who = `urgent tickets (urgency above ${ALERT_THRESHOLD} by the model)`;
  return [
    singleFinding(
      `${urgent.length} ${who}, wordings that are later than the patterns: share that the patterns put in the urgent lane`,
      '%',
      'found on admission',
      (100 * found.length) / urgent.length,
      'above 90 %',
    ),
    reportedFinding(
      `From POST to webhook with ${NORMAL_TICKETS.toLocaleString('en')} normal tickets waiting, ${found.length} ${who} found on admission`,
      'ms',
      { p99: [quantile(times, 0.99)], 'each of them': times },
      'p99 below 1,000 ms',
    ),
  ];
}

/** Scores tickets by the patterns, as on admission, and by the model. */
async function scoreTickets(root: string): Promise<readonly Scored[]> {
  const texts = readSampleTickets(root)
    .filter(({ id }) => id.startsWith(SECOND_ROUND))
    .map(({ text }) => text);
  const baseline = createUrgencyBaseline();
  const head = createUrgencyHead();
  const embedder = await openBenchEmbedder();
  try {
    const scored: Scored[] = [];
    await embedAll(embedder, texts, (text, vector) => {
      const inUrgentLane = baseline.score({ text }).urgency_score >= URGENT_LANE_THRESHOLD;
      scored.push({ text, inUrgentLane, isUrgent: head.score({ text, vector }).urgency_score > ALERT_THRESHOLD });
    });
    return scored;
  } finally {
    await embedder.close();
  }
}

/** Milliseconds from posting each urgent ticket to its webhook. */
async function timesToWebhook(
  root: string,
  normal: readonly string[],
  urgent: readonly string[],
): Promise<readonly number[]> {
  const receiver = await WebhookReceiver.start(() => 'friendly');
  try {
    return await withRedis((redis) =>
      withSharedQueue(redis.url, async (queue) => {
        const gateway = await startGateway(root, { REDIS_URL: redis.url });
        try {
          await postTickets(gateway.url, numbered(normal, NORMAL_TICKETS), NORMAL_TICKETS, 202);
          const { lanes } = await queue.report();
          if (lanes.normal !== NORMAL_TICKETS) throw new Error(`${lanes.normal} normal tickets are waiting`);
          const worker = await startWorker(root, redis.url, {
            WEBHOOK_URL: receiver.url,
            WEBHOOK_SECRET: receiver.secret,
          });
          try {
            return await postUrgent(gateway.url, urgent, receiver);
          } finally {
            await worker.stop();
          }
        } finally {
          await gateway.stop();
        }
      }),
    );
  } finally {
    await receiver.close();
  }
}

/** Texts that are all different, so that none is answered from the model's cache. */
function numbered(texts: readonly string[], count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${texts[index % texts.length] ?? ''}\nRef. ${index}`);
}

async function postUrgent(
  gateway: string,
  urgent: readonly string[],
  receiver: WebhookReceiver,
): Promise<readonly number[]> {
  const posted = new Map<string, number>();
  for (const [index, text] of urgent.entries()) {
    const id = `urgent-${index}`;
    posted.set(id, performance.now());
    await post(gateway, '/ticket', { id, text });
    await sleep(PAUSE_MS);
  }
  const deadline = performance.now() + ALERT_TIMEOUT_MS;
  for (;;) {
    const alerts = receiver.webhooks.filter(({ about }) => posted.has(about));
    const missing = posted.size - alerts.length;
    if (missing === 0) return alerts.map(({ about, arrivedAt }) => arrivedAt - (posted.get(about) ?? NaN));
    if (performance.now() > deadline) throw new Error(`${missing} of ${posted.size} alerts have not arrived`);
    await sleep(PAUSE_MS);
  }
}
