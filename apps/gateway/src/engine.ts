import { readFile } from 'node:fs/promises';
import { DEMO_ROSTER, parseRoster } from '@smart-support/agent-registry';
import { Consumer, createMemoryBroker } from '@smart-support/broker';
import { createClassifierBaseline } from '@smart-support/classifier';
import type { Config } from '@smart-support/config';
import { type AgentProfile, type Broker, SmartSupportError } from '@smart-support/contracts';
import { type Pipeline, createPipeline } from '@smart-support/pipeline';
import type { Logger, Metrics } from '@smart-support/telemetry';
import { createUrgencyBaseline } from '@smart-support/urgency';
import { observeWith } from './observation';

/** The engine of one process: everything behind the HTTP routes. */
export interface Engine {
  readonly broker: Broker;
  readonly pipeline: Pipeline;
  /** Takes no more tickets, waits for those in work, then lets go. What is still queued or waits for an agent ends with the process. */
  stop(): Promise<void>;
}

/** How often tickets that wait for a retry, or were taken back by hand, are looked for. */
const RETRY_POLL_MS = 250;

/** Puts the in-process engine together and opens its doors to the roster's agents. */
export async function createEngine(config: Config, logger: Logger, metrics: Metrics): Promise<Engine> {
  const observer = observeWith(logger, metrics);
  const broker = createMemoryBroker(config.broker, { observer });
  await broker.agents.seed(await readRoster(config.agents.file));

  const urgency = createUrgencyBaseline();
  const pipeline = createPipeline({
    broker,
    classifier: createClassifierBaseline(),
    urgency,
    doorScorer: urgency,
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
    stop: async () => {
      await consumer.stop();
      await broker.close();
    },
  };
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
