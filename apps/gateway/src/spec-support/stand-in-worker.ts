import { Consumer } from '@smart-support/broker';
import { type RedisBroker, createRedisBroker } from '@smart-support/broker-redis';
import { loadConfig } from '@smart-support/config';
import { type PreparedTicketModels, prepareTicketModels } from '@smart-support/ticket-models';
import { createPipeline } from '@smart-support/pipeline';

/** What a worker does, on a connection of its own, in the process of the spec. */
export interface StandInWorker {
  readonly broker: RedisBroker;
  /** Takes tickets and routes them until the end. */
  start(): void;
  /** Answers with the heavy models from now on. */
  openModels(): Promise<void>;
  stop(): Promise<void>;
}

/** Connects to a store as a worker does. It takes no ticket before it is started. */
export function aWorker(redisUrl: string): StandInWorker {
  const config = loadConfig({ REDIS_URL: redisUrl, INFERENCE_THREADS: '1' });
  const { keyPrefix, queueKey } = config.redis;
  const broker = createRedisBroker(
    { url: redisUrl, prefix: keyPrefix, queueKey },
    { ...config.broker, storm: config.storm },
  );
  const models: PreparedTicketModels = prepareTicketModels(config, {
    onBreakerEvent: () => undefined,
    onThreadEvent: () => undefined,
  });
  const pipeline = createPipeline({
    broker,
    models: models.models,
    alertThreshold: config.alerts.urgencyThreshold,
    ...config.escapes,
  });
  const consumer = new Consumer({
    queue: broker.queue,
    handle: (claim) => pipeline.processClaim(claim),
    concurrency: 4,
    leaseMs: config.broker.leaseMs,
    idleMs: 50,
    // The store is unavailable for a while in these specs.
    onError: () => undefined,
  });
  return {
    broker,
    start: () => consumer.start(),
    openModels: () => models.open(),
    stop: async () => {
      await consumer.stop();
      await broker.close();
      await models.close();
    },
  };
}
