import { type RedisBroker, type RedisSettings, createRedisBroker } from '@smart-support/broker-redis';
import type { Config } from '@smart-support/config';
import type { WebhookEndpoint } from '@smart-support/contracts';
import { type Pipeline, createPipeline, eventLoopTurn, machineTest, vouchedTest } from '@smart-support/pipeline';
import { StoreAvailabilityLog, createAlertDelivery, observeTickets, openWarmModels } from '@smart-support/runtime';
import type { Logger, Metrics } from '@smart-support/telemetry';
import { readSeedReference, severeSignals } from '@smart-support/ticket-models';
import { openLanguageDetector } from '@smart-support/ticket-text';

/** What {@link openEngine} works with. */
export interface EngineOptions {
  readonly config: Config;
  readonly redis: RedisSettings;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Those of `WEBHOOKS_FILE`. */
  readonly endpoints?: readonly WebhookEndpoint[] | undefined;
}

/** The parts of a worker that process tickets. */
export interface Engine {
  readonly broker: RedisBroker;
  readonly pipeline: Pipeline;
  /** Delivers events to subscribers, once it is started. */
  readonly alerts: ReturnType<typeof createAlertDelivery>;
  /** `open` if the circuit breaker of any model is open. */
  breaker(): 'closed' | 'open';
  /** Lets go of Redis and of the models, once nothing is in work any more. */
  close(): Promise<void>;
}

/**
 * Opens and warms the models, begins to look for Redis and puts the pipeline together.
 * @throws SmartSupportError `invalid_config`, `invalid_model` when something that it needs is not usable
 */
export async function openEngine({ config, redis, logger, metrics, endpoints }: EngineOptions): Promise<Engine> {
  const [models, language] = await Promise.all([openWarmModels(config, logger, metrics), openLanguageDetector()]);
  const observer = observeTickets(logger, metrics);
  const availabilityLog = new StoreAvailabilityLog(logger, metrics);
  const broker = createRedisBroker(
    redis,
    { ...config.broker, storm: config.storm, bursts: config.bursts },
    {
      observer,
      onConnectionError: availabilityLog.trouble,
      onMaxmemoryPolicy: availabilityLog.policy,
      onReplicas: availabilityLog.replicas,
      onSentinelRefusal: availabilityLog.sentinelRefusal,
      seedReference: readSeedReference(),
    },
  );
  const stopLog = broker.onAvailability(availabilityLog.change);
  const alerts = createAlertDelivery({
    webhooks: config.webhooks,
    endpoints,
    faultInjection: config.faultInjection,
    outbox: broker.outbox,
    logger,
    metrics,
  });
  const pipeline = createPipeline({
    broker,
    models: models.models,
    alertThreshold: config.alerts.urgencyThreshold,
    ...severeSignals(config.escapes),
    isMachine: machineTest(config.machines),
    isVouched: vouchedTest(config.vouched),
    languageOf: (text) => language.detect(text),
    beforeStage: eventLoopTurn,
    observer: {
      ...observer,
      alert: (record) => {
        observer.alert(record);
        // Its event is in the outbox by now, and must not wait for the next look there.
        alerts.wake();
      },
    },
  });
  return {
    broker,
    pipeline,
    alerts,
    breaker: () => (models.status().some(({ breaker }) => breaker === 'open') ? 'open' : 'closed'),
    close: async () => {
      // Closing on purpose is not logged.
      stopLog();
      await broker.close();
      await models.close();
    },
  };
}
