import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisBroker } from '@smart-support/broker-redis';
import { type AgentProfile, type BrokerOptions, DEFAULT_BROKER_OPTIONS } from '@smart-support/contracts';
import { type Pipeline, type TicketModels, createPipeline } from '@smart-support/pipeline';
import type { Redis } from 'ioredis';
import { sum } from '../../../train/metrics';
import { ALERT_THRESHOLD } from '../../audit/gather-evidence';
import { StoreReader } from '../../harness/store-reader';
import type { RunPlan } from './plan';
import { ProofWorker, openBroker } from './proof-worker';
import { type Recording, recordedModels } from './recorded-models';

/** What all runs of a part share. */
export interface ProofEnvironment {
  readonly url: string;
  /** Past the engine. */
  readonly ownRedis: Redis;
  readonly recording: Recording;
}

/** What a domain is made of. */
export interface DomainSetup {
  readonly prefix: string;
  readonly plan: RunPlan;
  readonly workers: number;
  readonly agents: readonly AgentProfile[];
  /** Tickets of the run: when a worker vanishes is a share of these. */
  readonly tickets: number;
}

/** A ticket to be offered. */
export interface ProofTicket {
  readonly id: string;
  readonly text: string;
}

/** Short, so that the claims of a lost worker expire soon. */
const LEASE_MS = 300;
const OPTIONS: Partial<BrokerOptions> = {
  leaseMs: LEASE_MS,
  maxStalls: 1000,
  // Not `auto`: with one other report of a failure among the founders an incident would open a ticket sooner, and the proof is of the plain rule.
  bursts: { ...DEFAULT_BROKER_OPTIONS.bursts, mode: 'report' },
};
const LONGEST_ANSWER_MS = 30;
const PATIENCE_MS = 30_000;
const LOOK_MS = 10;

/** A routing domain of its own, with its workers and a pipeline that offers tickets. */
export class ProofDomain {
  readonly reader: StoreReader;
  private readonly workers: ProofWorker[] = [];
  private readonly pipeline: Pipeline;
  private asked = 0;
  private losing: Promise<void> | undefined;
  private lostInFlight = 0;

  private constructor(
    private readonly environment: ProofEnvironment,
    private readonly setup: DomainSetup,
    /** Of the pipeline that offers tickets, and of the operator. */
    readonly broker: RedisBroker,
  ) {
    this.reader = new StoreReader(environment.ownRedis, setup.prefix);
    const models = this.models(() => undefined);
    this.pipeline = createPipeline({ broker, models, alertThreshold: ALERT_THRESHOLD });
  }

  /** Opens a domain, puts the agents there and starts the workers. */
  static async open(environment: ProofEnvironment, setup: DomainSetup): Promise<ProofDomain> {
    const broker = await openBroker({ url: environment.url, prefix: setup.prefix, options: OPTIONS });
    const domain = new ProofDomain(environment, setup, broker);
    await broker.agents.seed(setup.agents);
    await Promise.all(Array.from({ length: setup.workers }, () => domain.startWorker()));
    return domain;
  }

  /** Whether a worker was lost. */
  get lostWorker(): boolean {
    return this.losing !== undefined;
  }

  /** Tickets that the lost worker had in flight. */
  get lostTickets(): number {
    return this.lostInFlight;
  }

  /** Commits that were refused because an incident had changed since the verdict. */
  get changedCount(): number {
    return sum(this.workers.map(({ changedCount }) => changedCount));
  }

  /** A further broker on the domain, whose connections may be cut. */
  async anotherBroker(): Promise<RedisBroker> {
    return openBroker({ url: this.environment.url, prefix: this.setup.prefix, options: OPTIONS });
  }

  /** Offers tickets in this order, one by one or all at once as the plan says. @throws Error if one is not accepted */
  async offer(tickets: readonly ProofTicket[]): Promise<void> {
    const { gapMs, random } = this.setup.plan;
    // Every other ticket names its requester: both kinds count.
    const offered = tickets.map(({ id, text }, index) => ({
      input: { id, text, requester: index % 2 === 0 ? `${id}@example.org` : null },
    }));
    const requests = gapMs === 0 ? [offered] : offered.map((one) => [one]);
    for (const request of requests) {
      for (const { outcome } of await this.pipeline.accept(request)) {
        if (outcome !== 'accepted') throw new Error(`A ticket was not accepted: ${outcome}`);
      }
      if (gapMs > 0) await sleep(gapMs * random());
    }
  }

  /**
   * Waits until all tickets are at rest, and no member has to be released.
   * @returns the tickets that are not at rest after 30 s
   */
  async settled(ticketIds: readonly string[], atRest: readonly string[]): Promise<string[]> {
    const deadline = Date.now() + PATIENCE_MS;
    let isSettledOnce = false;
    for (;;) {
      const statuses = await this.reader.statuses(ticketIds);
      const restless = ticketIds.flatMap((id, index) => {
        const status = statuses[index] ?? 'none';
        return atRest.includes(status) ? [] : [`${id} is ${status} after ${PATIENCE_MS} ms`];
      });
      const isUnsettled = await this.reader.hasUnsettledIncidents();
      if (restless.length === 0 && !isUnsettled) {
        // Twice in a row, with a sweep in between: a single look may find a momentary rest.
        if (isSettledOnce) return [];
        isSettledOnce = true;
        await this.losing;
        await this.broker.queue.sweep();
        continue;
      }
      isSettledOnce = false;
      if (Date.now() > deadline) return isUnsettled ? [...restless, 'An incident is still unsettled'] : restless;
      await sleep(LOOK_MS);
    }
  }

  /** Stops everything. */
  async close(): Promise<void> {
    await this.losing?.catch(() => undefined);
    await Promise.all(this.workers.map((worker) => worker.stop()));
    await this.broker.close();
  }

  private async startWorker(): Promise<void> {
    const { url } = this.environment;
    const { prefix, plan } = this.setup;
    const { concurrency, commitDelayMs, random } = plan;
    // A worker is asked for the first time after it was started.
    const models = this.models(() => this.onAsked(worker));
    const worker: ProofWorker = await ProofWorker.start(
      { url, prefix, options: OPTIONS, models },
      { leaseMs: LEASE_MS, concurrency, commitDelayMs: () => commitDelayMs * random() },
    );
    this.workers.push(worker);
  }

  private models(onAsked: () => void): TicketModels {
    const { random } = this.setup.plan;
    return recordedModels(this.environment.recording, { delayMs: () => LONGEST_ANSWER_MS * random(), onAsked });
  }

  /** Cuts off the worker that reads a randomly chosen text, while it does or a little later. */
  private onAsked(worker: ProofWorker): void {
    const { plan, tickets } = this.setup;
    this.asked += 1;
    if (!plan.kills || this.losing || this.asked < 1 + Math.floor(plan.moment * tickets)) return;
    this.losing = this.lose(worker);
  }

  private async lose(worker: ProofWorker): Promise<void> {
    await sleep((LONGEST_ANSWER_MS + this.setup.plan.commitDelayMs) * this.setup.plan.random());
    this.lostInFlight += worker.inFlight;
    worker.cutOff();
    // One worker at least must go on.
    if (!this.workers.some(({ isWorking }) => isWorking)) await this.startWorker();
  }
}
