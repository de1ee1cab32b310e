import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Consumer } from '@smart-support/broker';
import { type RedisReport, isStoreAwayOrClosed, systemClock } from '@smart-support/contracts';
import { readRoster, redisReport, seedRoster } from '@smart-support/runtime';
import { Drain } from './drain';
import { type EngineOptions, openEngine } from './engine';
import { Presence } from './presence';
import { sweepIntervalMs, ticketsAtOnce } from './work-limits';

/** Longest wait at an empty queue, and the pause after an error such as Redis being away, in milliseconds. */
const IDLE_MS = 1000;

/** How long a start waits for Redis to be sure of the database, in milliseconds. */
const FIRST_CONTACT_MS = 1_000;

/** What {@link startWorker} works with. */
export interface WorkerOptions extends EngineOptions {
  /** Called once: Redis was reached for the first time, and tickets are taken from now on. */
  readonly onReady: () => void;
}

/** A worker at work. */
export interface Worker {
  /** Whether it takes tickets now: not while Redis is away, and no more once it stops. */
  readonly isReady: boolean;
  /** How Redis is doing. */
  readonly redis: RedisReport;
  /**
   * Waits a second at most for Redis to be reached.
   * @throws SmartSupportError `invalid_config` if the database of `REDIS_URL` cannot be selected
   */
  firstContact(): Promise<void>;
  /**
   * Claims no more tickets, finishes those in flight, requeues what is not finished after 15 s, and closes everything.
   * Only a model that hangs in a run can delay it.
   */
  stop(): Promise<void>;
  /** Ends a {@link Worker.stop} that is under way sooner: hands back at once what is still in flight. */
  hurry(): Promise<void>;
}

/**
 * Creates a worker, warms its models and starts to claim tickets, now or as soon as Redis is available.
 * @throws SmartSupportError `invalid_config`, `invalid_model` when something that it needs is not usable
 */
export async function startWorker({ onReady, ...options }: WorkerOptions): Promise<Worker> {
  const { config, logger, metrics } = options;
  const { leaseMs } = config.broker;
  const roster = await readRoster(config.agents.file);
  const engine = await openEngine(options);
  const { broker, pipeline, alerts } = engine;

  const consumer = new Consumer({
    queue: broker.queue,
    handle: (claim) => pipeline.processClaim(claim),
    concurrency: ticketsAtOnce(config),
    leaseMs,
    idleMs: IDLE_MS,
    sweep: false,
    onError: (error) => {
      // Each of the many calls that then fail is not worth a line: `StoreAvailabilityLog` logs it once.
      if (isStoreAwayOrClosed(error)) logger.debug({ err: error }, 'the queue is away');
      else logger.error({ err: error }, 'the queue could not be worked');
    },
    onLost: (ticketId) => {
      metrics.work.countLost();
      logger.warn({ ticket_id: ticketId }, 'a ticket in flight was lost: its lease ran out');
    },
  });
  metrics.work.watchInFlight(() => consumer.inFlight);

  const workerId = `${hostname()}.${process.pid}.${randomBytes(3).toString('hex')}`;
  const presence = new Presence({
    workers: broker.workers,
    status: () => ({ worker_id: workerId, circuit_breaker: engine.breaker(), in_flight: consumer.inFlight }),
    clock: systemClock,
    logger,
  });
  const sweeps = broker.leadSweeps(sweepIntervalMs(leaseMs), (count) => {
    metrics.work.countReclaimed(count);
    logger.warn({ tickets: count }, 'tickets of vanished workers were taken back');
  });

  const begin = (): (() => void) => {
    const endSeeding = seedRoster({ agents: broker.agents, roster, logger });
    alerts.start();
    consumer.start();
    onReady();
    return endSeeding;
  };
  // The first contact begins the work; when Redis comes back later, everything goes on by itself.
  let endSeeding: (() => void) | undefined;
  const listenNoMore = broker.onAvailability((availability) => {
    if (availability === 'down') return;
    presence.announce();
    endSeeding ??= begin();
  });

  let drain: Drain | undefined;
  return {
    get isReady() {
      return !drain && broker.availability === 'up';
    },
    get redis() {
      return redisReport(broker);
    },
    firstContact: () => broker.firstContact(FIRST_CONTACT_MS),
    stop: async () => {
      drain = new Drain({ consumer, alerts, clock: systemClock, logger });
      listenNoMore();
      endSeeding?.();
      await Promise.all([sweeps.stop(), drain.done()]);
      await presence.leave();
      await engine.close();
    },
    hurry: async () => drain?.hurry(),
  };
}
