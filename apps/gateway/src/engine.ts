import { setTimeout } from 'node:timers/promises';
import { Consumer, createMemoryBroker } from '@smart-support/broker';
import { type RedisBroker, createRedisBroker } from '@smart-support/broker-redis';
import { type Config, queueShareOf } from '@smart-support/config';
import type {
  BrokerObserver,
  ExplanationReport,
  RedisReport,
  TicketRecord,
  WebhookEndpoint,
} from '@smart-support/contracts';
import { type Mode, type FailoverService, createFailover } from '@smart-support/failover';
import { eventLoopTurn, machineTest, vouchedTest } from '@smart-support/pipeline';
import {
  StoreAvailabilityLog,
  createAlertDelivery,
  observeTickets,
  prepareWarmModels,
  readRoster,
  redisReport,
  reportUnsavedTickets,
} from '@smart-support/runtime';
import type { Logger, Metrics } from '@smart-support/telemetry';
import { type ModelStatus, readSeedReference, severeSignals } from '@smart-support/ticket-models';
import { openLanguageDetector } from '@smart-support/ticket-text';

/** The engine of one process: everything behind the HTTP routes. */
export interface Engine {
  /** Accepts and looks up tickets: in the shared queue while Redis is available, else in this process. */
  readonly serving: FailoverService;
  /** Adds to counters that all gateways share; `undefined` without Redis. */
  readonly countTogether: RedisBroker['count'] | undefined;
  /** How Redis is doing. */
  readonly redis: RedisReport;
  /** The state of the heavy models of this process; none while they are switched off, or not needed because workers have theirs. */
  readonly models: { status(): readonly ModelStatus[] };
  /** Explains a ticket's decision. Opens the models where they are needed for it. */
  explain(record: TicketRecord): Promise<ExplanationReport>;
  /**
   * Stops accepting tickets, waits for those in work, hands finished ones over to Redis, and closes everything. Without Redis, what is still queued
   * or waits for an agent ends with the process: see {@link Engine.reportUnsaved}.
   */
  stop(): Promise<void>;
  /**
   * Writes the ids of the tickets that end with the process into the log, once. Part of {@link Engine.stop}; to be called where that is not waited
   * for to its end.
   */
  reportUnsaved(): void;
}

/** How long a start waits for Redis before it begins without, in milliseconds. */
const FIRST_CONTACT_MS = 1_000;

/** What a ticket needs beside the model, at most, in milliseconds. */
const LEASE_RESERVE_MS = 10_000;

/** Webhooks on their way are waited for so long when the process stops; the others are lost with it, or were handed over. */
const LAST_WEBHOOK_MS = 3_000;

/** Longest wait for a ticket that was given back in this process. */
const RETRY_POLL_MS = 250;

/** What files beside the roster add to the settings. */
export interface EngineFiles {
  /** Trust domains of the sources of webhooks. */
  readonly hookDomains?: readonly string[];
  /** Those of `WEBHOOKS_FILE`. */
  readonly endpoints?: readonly WebhookEndpoint[] | undefined;
}

/** Creates the engine of a process and loads the roster. */
export async function createEngine(
  config: Config,
  logger: Logger,
  metrics: Metrics,
  { hookDomains = [], endpoints }: EngineFiles = {},
): Promise<Engine> {
  const observer = observeTickets(logger, metrics);
  const [roster, language] = await Promise.all([readRoster(config.agents.file), openLanguageDetector()]);
  const models = prepareWarmModels(config, logger, metrics);
  const onMode = (mode: Mode): void => {
    logger.info({ mode }, mode === 'async' ? 'workers route from now on' : 'this process routes by itself from now on');
    // In async mode workers run the models; here they are warmed when this process has to route itself.
    if (mode === 'sync')
      models.open().catch((error: unknown) => logger.error({ err: error }, 'no model could be opened'));
  };

  // Here a worker cannot die without its queue: a lease shorter than a slow model would only take tickets from those at work on them.
  const leaseMs = Math.max(config.broker.leaseMs, config.models.deadlineMs + LEASE_RESERVE_MS);
  const queueShare = queueShareOf(config, hookDomains);
  const local = createMemoryBroker(
    { ...config.broker, queueShare, storm: config.storm, bursts: config.bursts, leaseMs },
    { observer, seedReference: readSeedReference() },
  );
  await local.agents.seed(roster);
  metrics.bytes.watchBytes('memory', () => local.bytes);
  const shared = openShared(config, queueShare, observer, logger, metrics);
  if (shared) metrics.bytes.watchBytes('redis', () => shared.bytes);
  const { service: serving, pipeline } = createFailover({
    local,
    shared,
    roster,
    duplicateMs: config.broker.duplicateMs,
    models: models.models,
    observer,
    alertThreshold: config.alerts.urgencyThreshold,
    ...severeSignals(config.escapes),
    isMachine: machineTest(config.machines),
    isVouched: vouchedTest(config.vouched),
    languageOf: (text) => language.detect(text),
    beforeStage: eventLoopTurn,
    onMode,
    onSeeded: () => logger.info({ agents: roster.length }, 'the roster was loaded'),
    onMoved: (ticketId) => logger.debug({ ticket_id: ticketId }, 'a ticket of the time without Redis was handed over'),
    onError: (error) => logger.error({ err: error }, 'Redis could not be followed'),
  });
  const consumer = new Consumer({
    queue: local.queue,
    handle: (claim) => pipeline.processClaim(claim),
    concurrency: 4,
    leaseMs,
    idleMs: RETRY_POLL_MS,
    onError: (error) => logger.error({ err: error }, 'the queue could not be worked'),
  });
  const alerts = createAlertDelivery({
    webhooks: config.webhooks,
    endpoints,
    faultInjection: config.faultInjection,
    outbox: local.outbox,
    logger,
    metrics,
  });

  let isReported = false;
  const reportUnsaved = (): void => {
    if (isReported) return;
    isReported = true;
    reportUnsavedTickets(local.unsavedIds(), logger);
  };
  const stop = async (): Promise<void> => {
    try {
      await consumer.stop();
      await serving.stop();
      await Promise.race([alerts.stop(), setTimeout(LAST_WEBHOOK_MS, undefined, { ref: false })]);
    } finally {
      reportUnsaved();
    }
    await local.close();
    await shared?.close();
    await models.close();
  };

  try {
    await shared?.firstContact(FIRST_CONTACT_MS);
    serving.start();
    if (serving.mode === 'sync') await models.open();
  } catch (error) {
    await stop();
    throw error;
  }
  consumer.start();
  alerts.start();

  return {
    serving,
    countTogether: shared?.count,
    get redis() {
      return redisReport(shared);
    },
    models,
    explain: async (record) => {
      if (models.models.transformer === 'warming' && isByTransformer(record)) {
        // Without them the explanation lacks terms and hits, which is better than none.
        await models.open().catch((error: unknown) => logger.error({ err: error }, 'no model could be opened'));
      }
      return pipeline.explain(record);
    },
    stop,
    reportUnsaved,
  };
}

/** Whether a heavy model had a say in a ticket. */
function isByTransformer({ explanation: { category, urgency } }: TicketRecord): boolean {
  return [category, urgency].some((answer) => answer?.model.family === 'transformer');
}

function openShared(
  config: Config,
  queueShare: number,
  observer: BrokerObserver,
  logger: Logger,
  metrics: Metrics,
): RedisBroker | undefined {
  const { redis, broker, storm, bursts } = config;
  if (redis.url === undefined) return undefined;
  const availability = new StoreAvailabilityLog(logger, metrics);
  const { url, waitReplicas } = redis;
  const where = { url, waitReplicas, prefix: redis.keyPrefix, queueKey: redis.queueKey };
  const shared = createRedisBroker(
    where,
    { ...broker, queueShare, storm, bursts },
    {
      observer,
      onConnectionError: availability.trouble,
      onMaxmemoryPolicy: availability.policy,
      onFull: availability.full,
      onReplicas: availability.replicas,
      onSentinelRefusal: availability.sentinelRefusal,
    },
  );
  shared.onAvailability(availability.change);
  return shared;
}
