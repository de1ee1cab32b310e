import { readFile } from 'node:fs/promises';
import { DEMO_ROSTER, parseRoster } from '@smart-support/agent-registry';
import { Consumer, createMemoryBroker } from '@smart-support/broker';
import type { Config } from '@smart-support/config';
import { type AgentProfile, type Broker, SmartSupportError, systemClock } from '@smart-support/contracts';
import { type FaultsFollower, followFaults } from '@smart-support/drills';
import { type Pipeline, createPipeline } from '@smart-support/pipeline';
import type { Logger, Metrics } from '@smart-support/telemetry';
import { type ModelStatus, type OpenTicketModels, openTicketModels } from '@smart-support/ticket-models';
import { observeModels, observeWith } from './observation';

/** The engine of one process: everything behind the HTTP routes. */
export interface Engine {
  readonly broker: Broker;
  readonly pipeline: Pipeline;
  /** How the heavy models are doing; none while they are switched off. */
  readonly models: { status(): readonly ModelStatus[] };
  /** Takes no more tickets, waits for those in work, then lets go. What is still queued or waits for an agent ends with the process. */
  stop(): Promise<void>;
}

/** How often tickets that wait for a retry, or were taken back by hand, are looked for. */
const RETRY_POLL_MS = 250;

/** Puts the in-process engine together, warms its models and opens its doors to the roster's agents. */
export async function createEngine(config: Config, logger: Logger, metrics: Metrics): Promise<Engine> {
  const observer = observeWith(logger, metrics);
  const roster = await readRoster(config.agents.file);
  const models = await openTicketModels(config, observeModels(logger, metrics));
  metrics.models.watch(() => models.status());
  const warm = models.status().map(({ name, stats }) => ({ name, threads: stats.threads.ready }));
  logger.info({ models: warm }, config.models.fallback ? 'models are switched off' : 'models are warm');
  const drills = followDrills(config, models, logger);

  const broker = createMemoryBroker(config.broker, { observer });
  await broker.agents.seed(roster);
  const pipeline = createPipeline({
    broker,
    models: models.models,
    observer,
    alertThreshold: config.alerts.urgencyThreshold,
  });

  const consumer = new Consumer({
    queue: broker.queue,
    handle: (claim) => pipeline.work(claim),
    concurrency: 4,
    leaseMs: config.broker.leaseMs,
    idleMs: RETRY_POLL_MS,
    onError: (error) => logger.error({ err: error }, 'the queue could not be worked'),
  });
  consumer.start();

  return {
    broker,
    pipeline,
    models,
    stop: async () => {
      drills?.stop();
      await consumer.stop();
      await broker.close();
      await models.close();
    },
  };
}

function followDrills({ drills }: Config, models: OpenTicketModels, logger: Logger): FaultsFollower | undefined {
  if (drills.file === undefined) return undefined;
  if (!drills.allowed) {
    logger.warn({}, 'FAULTS_FILE is not honoured: that needs ALLOW_FAULTS=1');
    return undefined;
  }
  return followFaults({
    file: drills.file,
    clock: systemClock,
    onChange: ({ inference }) => {
      if (inference) logger.warn({ inference }, 'drill: rehearsing faults');
      else logger.warn({}, 'drill: over');
      models.rehearse(
        inference ? { delayMs: inference.delay_ms ?? 0, ...(inference.error ? { error: inference.error } : {}) } : null,
      );
    },
    onError: (error) => logger.error({ err: error }, 'drill: the faults file cannot be used'),
  });
}

async function readRoster(file: string | undefined): Promise<readonly AgentProfile[]> {
  if (file === undefined) return DEMO_ROSTER;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new SmartSupportError('invalid_config', `AGENTS_FILE "${file}" cannot be read (${why}).`, { cause: error });
  }
  return parseRoster(text);
}
