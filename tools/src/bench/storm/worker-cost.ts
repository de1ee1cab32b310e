import { availableParallelism } from 'node:os';
import { Consumer } from '@smart-support/broker';
import { type RedisBroker, createRedisBroker } from '@smart-support/broker-redis';
import { loadConfig } from '@smart-support/config';
import { type Broker, DEFAULT_BROKER_OPTIONS, type StormVerdict } from '@smart-support/contracts';
import { createPipeline } from '@smart-support/pipeline';
import { type PreparedTicketModels, prepareTicketModels } from '@smart-support/ticket-models';
import { type Finding, comparePairs } from '../measure';
import { withRedis } from '../queue/bench-redis';
import { contact } from '../queue/contact';
import { roomyRoster } from '../queue/roomy-roster';
import { everyNth, readSampleTexts } from '../sample-tickets';
import { passRate } from '../whole-passes';
import type { Workbench } from '../workbench';

/** The texts are dealt out to so many passes: the models remember answers, and must not see a text again too soon. */
const PASSES = 9;

/** Most tickets that an agent can have. */
const MOST = 10_000;

const ALONE: StormVerdict = { routing: 'routed', incident: null, nearest: null, routed_signal: null, kept_out: null };

/** A worker's way of a ticket, from the queue to the commit with real models, with the judgement of storms and without. */
export async function benchStormCost({ root, progress }: Workbench): Promise<readonly Finding[]> {
  const texts = [...new Set(readSampleTexts(root))];
  const models = prepareTicketModels(loadConfig({}), {
    onBreakerEvent: () => undefined,
    onThreadEvent: () => undefined,
  });
  try {
    await models.open();
    return await withRedis(async ({ url }) => {
      const broker = createRedisBroker({ url, prefix: 'bench', queueKey: 'tickets' });
      try {
        await contact(broker);
        await broker.agents.seed(roomyRoster(MOST));
        const without: Broker = { ...broker, storms: { judge: async () => ALONE } };
        let turn = 0;
        const rate = (through: Broker) => async (): Promise<number> => {
          turn += 1;
          const pass = everyNth(texts, PASSES, turn % PASSES);
          await fill(broker, pass, turn);
          return passRate(pass.length, () => workOff(through, models, pass.length));
        };
        // Warm, and at a size at which the window stays.
        for (let warming = 0; warming < PASSES; warming += 1) await rate(broker)();
        const finding = await comparePairs(
          `Whole tickets in one process with the bundled model on ${availableParallelism()} threads`,
          'tickets/s',
          { name: 'judged as part of storms', measure: rate(broker) },
          { name: 'not judged', measure: rate(without) },
          { ratioGoal: 0.95 },
          progress,
        );
        return [finding];
      } finally {
        await broker.close();
      }
    });
  } finally {
    await models.close();
  }
}

async function fill(broker: RedisBroker, texts: readonly string[], turn: number): Promise<void> {
  const offers = texts.map((text, index) => ({
    id: `b${turn}-${index}`,
    input: { text },
    lane: 'normal' as const,
    lane_urgency: 0.3,
  }));
  for (const { outcome } of await broker.queue.accept(offers))
    if (outcome !== 'accepted') throw new Error(`a ticket was ${outcome}`);
}

async function workOff(broker: Broker, { models }: PreparedTicketModels, tickets: number): Promise<void> {
  const pipeline = createPipeline({ broker, models, alertThreshold: 1 });
  let consumer: Consumer | undefined;
  await new Promise<void>((resolve, reject) => {
    let done = 0;
    consumer = new Consumer({
      queue: broker.queue,
      handle: async (claim) => {
        const record = await pipeline.processClaim(claim);
        if (record?.ticket.status !== 'assigned') reject(new Error(`a ticket became ${record?.ticket.status}`));
        done += 1;
        if (done === tickets) resolve();
      },
      concurrency: availableParallelism() + 1,
      leaseMs: DEFAULT_BROKER_OPTIONS.leaseMs,
      idleMs: 1000,
      sweep: false,
      onError: reject,
    });
    consumer.start();
  });
  await consumer?.stop();
}
