import { setTimeout as sleep } from 'node:timers/promises';
import { Consumer } from '@smart-support/broker';
import { type RedisBroker, createRedisBroker } from '@smart-support/broker-redis';
import { type Broker, type BrokerOptions, isSmartSupportError } from '@smart-support/contracts';
import { type Pipeline, type TicketModels, createPipeline } from '@smart-support/pipeline';
import { ALERT_THRESHOLD } from '../../audit/gather-evidence';

/** The parts of a worker. */
export interface WorkerSetup {
  readonly url: string;
  readonly prefix: string;
  readonly options: Partial<BrokerOptions>;
  readonly models: TicketModels;
}

/** How a worker works. */
export interface WorkerPace {
  readonly leaseMs: number;
  /** Most tickets in flight. */
  readonly concurrency: number;
  /** Delay between a decision and its commit, in milliseconds. */
  readonly commitDelayMs: () => number;
}

const SWEEP_MS = 100;
const IDLE_MS = 100;
const PATIENCE_MS = 20_000;
const QUEUE_KEY = 'tickets';

/** Opens a broker and waits until it is connected. @throws Error after 20 s without a connection */
export async function openBroker({ url, prefix, options }: Omit<WorkerSetup, 'models'>): Promise<RedisBroker> {
  const broker = createRedisBroker({ url, prefix, queueKey: QUEUE_KEY }, options);
  const deadline = Date.now() + PATIENCE_MS;
  while (broker.availability !== 'up') {
    if (Date.now() > deadline) throw new Error('Redis cannot be reached');
    await sleep(2);
  }
  return broker;
}

/** A worker within this process, with connections of its own, which can be cut off like a killed one. */
export class ProofWorker {
  private readonly consumer: Consumer;
  private readonly sweeps: { stop(): Promise<void> };
  private changed = 0;
  private isEnded = false;

  private constructor(
    private readonly broker: RedisBroker,
    models: TicketModels,
    pace: WorkerPace,
  ) {
    const { leaseMs, concurrency } = pace;
    const pipeline: Pipeline = createPipeline({
      broker: this.watched(pace),
      models,
      alertThreshold: ALERT_THRESHOLD,
      novelSignals: [],
    });
    this.consumer = new Consumer({
      queue: broker.queue,
      handle: (claim) => pipeline.processClaim(claim),
      concurrency,
      leaseMs,
      idleMs: IDLE_MS,
      sweep: false,
      onError: () => undefined,
    });
    this.sweeps = broker.leadSweeps(SWEEP_MS);
    this.consumer.start();
  }

  /** Starts one. */
  static async start({ models, ...where }: WorkerSetup, pace: WorkerPace): Promise<ProofWorker> {
    return new ProofWorker(await openBroker(where), models, pace);
  }

  /** Commits that were refused because an incident had changed since the verdict. */
  get changedCount(): number {
    return this.changed;
  }

  /** Tickets in flight. */
  get inFlight(): number {
    return this.consumer.inFlight;
  }

  /** Whether it works. */
  get isWorking(): boolean {
    return !this.isEnded;
  }

  /** Behaves like a killed process: all connections end at once, and no claim is released. */
  cutOff(): void {
    this.isEnded = true;
    void this.broker.close();
    // From here on nothing reaches Redis: this only ends the timers.
    void this.consumer.stop();
    void this.sweeps.stop();
  }

  /** Ends its work in order. */
  async stop(): Promise<void> {
    if (this.isEnded) return;
    this.isEnded = true;
    await Promise.all([this.consumer.stop(), this.sweeps.stop()]);
    await this.broker.close();
  }

  /** The broker with a watch on its commits. */
  private watched({ commitDelayMs }: WorkerPace): Broker {
    const { broker } = this;
    const { queue, agents, storms, incidents, deadLetters, outbox, workers } = broker;
    return {
      ...{ queue, agents, storms, incidents, deadLetters, outbox, workers },
      tickets: {
        get: (id) => broker.tickets.get(id),
        list: (query) => broker.tickets.list(query),
        count: (query) => broker.tickets.count(query),
        complete: (...how) => broker.tickets.complete(...how),
        reassign: (...how) => broker.tickets.reassign(...how),
        amend: (...how) => broker.tickets.amend(...how),
        cancel: (...how) => broker.tickets.cancel(...how),
        reopen: (...how) => broker.tickets.reopen(...how),
        note: (...how) => broker.tickets.note(...how),
        commit: async (claim, decision) => {
          const delay = commitDelayMs();
          if (delay > 0) await sleep(delay);
          try {
            return await broker.tickets.commit(claim, decision);
          } catch (error) {
            if (isSmartSupportError(error, 'incident_changed')) this.changed += 1;
            throw error;
          }
        },
      },
      close: () => broker.close(),
    };
  }
}
