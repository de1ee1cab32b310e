import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisBroker } from '@smart-support/broker-redis';
import { type AgentProfile, type BrokerOptions, DEFAULT_BROKER_OPTIONS } from '@smart-support/contracts';
import { type Pipeline, type TicketModels, createPipeline } from '@smart-support/pipeline';
import type { Redis } from 'ioredis';
import { DomainReader } from './audit/domain-reader';
import type { RunPlan } from './plan';
import { ALERT_THRESHOLD } from './alert-threshold';
import { ProofWorker, openBroker } from './proof-worker';
import { type Recording, recordedModels } from './recorded-models';

/** What all runs of a part share. */
export interface ProofStage {
  readonly url: string;
  /** Past the engine. */
  readonly redis: Redis;
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

/** Short, so that what a vanished worker had comes back soon. */
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

/** A routing domain of its own with somebody who offers tickets, and its workers. */
export class ProofDomain {
  readonly reader: DomainReader;
  private readonly workers: ProofWorker[] = [];
  private readonly desk: Pipeline;
  private asked = 0;
  private vanishing: Promise<void> | undefined;
  private lostInHand = 0;

  private constructor(
    private readonly stage: ProofStage,
    private readonly setup: DomainSetup,
    /** Of whoever offers tickets and ends incidents. */
    readonly broker: RedisBroker,
  ) {
    this.reader = new DomainReader(stage.redis, setup.prefix);
    const models = this.models(() => undefined);
    this.desk = createPipeline({ broker, models, alertThreshold: ALERT_THRESHOLD });
  }

  /** Opens a domain, puts the agents there and starts the workers. */
  static async open(stage: ProofStage, setup: DomainSetup): Promise<ProofDomain> {
    const broker = await openBroker({ url: stage.url, prefix: setup.prefix, options: OPTIONS });
    const domain = new ProofDomain(stage, setup, broker);
    await broker.agents.seed(setup.agents);
    await Promise.all(Array.from({ length: setup.workers }, () => domain.hire()));
    return domain;
  }

  /** Whether a worker vanished. */
  get lostWorker(): boolean {
    return this.vanishing !== undefined;
  }

  /** Tickets that a worker took with it. */
  get lostTickets(): number {
    return this.lostInHand;
  }

  /** Commits that were refused because an incident had changed since the verdict. */
  get changedCount(): number {
    return this.workers.reduce((sum, { changedCount }) => sum + changedCount, 0);
  }

  /** A further broker on the domain, of somebody who may vanish. */
  async anotherBroker(): Promise<RedisBroker> {
    return openBroker({ url: this.stage.url, prefix: this.setup.prefix, options: OPTIONS });
  }

  /** Offers tickets in this order, one by one or all at once as the plan says. @throws Error if one is not accepted */
  async offer(tickets: readonly ProofTicket[]): Promise<void> {
    const { gapMs, random } = this.setup.plan;
    // Every other one tells who it is from: both count.
    const offered = tickets.map(({ id, text }, index) => ({
      input: { id, text, requester: index % 2 === 0 ? `${id}@example.org` : null },
    }));
    const parcels = gapMs === 0 ? [offered] : offered.map((one) => [one]);
    for (const parcel of parcels) {
      for (const { outcome } of await this.desk.accept(parcel)) {
        if (outcome !== 'accepted') throw new Error(`A ticket was not accepted: ${outcome}`);
      }
      if (gapMs > 0) await sleep(gapMs * random());
    }
  }

  /**
   * Waits until all tickets are at rest, and nobody has to be let go.
   * @returns what is still not at rest when it takes too long
   */
  async settled(ticketIds: readonly string[], atRest: readonly string[]): Promise<string[]> {
    const deadline = Date.now() + PATIENCE_MS;
    let isWell = false;
    for (;;) {
      const statuses = await this.reader.statuses(ticketIds);
      const restless = ticketIds.flatMap((id, index) => {
        const status = statuses[index] ?? 'none';
        return atRest.includes(status) ? [] : [`${id} is ${status} after ${PATIENCE_MS} ms`];
      });
      const isUnsettled = await this.reader.isUnsettled();
      if (restless.length === 0 && !isUnsettled) {
        // Twice in a row, with a sweep in between: it must not only have been a moment's rest.
        if (isWell) return [];
        isWell = true;
        await this.vanishing;
        await this.broker.queue.sweep();
        continue;
      }
      isWell = false;
      if (Date.now() > deadline) return isUnsettled ? [...restless, 'An incident is still unsettled'] : restless;
      await sleep(LOOK_MS);
    }
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.vanishing?.catch(() => undefined);
    await Promise.all(this.workers.map((worker) => worker.stop()));
    await this.broker.close();
  }

  private async hire(): Promise<void> {
    const { url } = this.stage;
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
    return recordedModels(this.stage.recording, { delayMs: () => LONGEST_ANSWER_MS * random(), onAsked });
  }

  /** The worker that reads one text of the run, chance says which, vanishes while it does, or a little later. */
  private onAsked(worker: ProofWorker): void {
    const { plan, tickets } = this.setup;
    this.asked += 1;
    if (!plan.kills || this.vanishing || this.asked < 1 + Math.floor(plan.moment * tickets)) return;
    this.vanishing = this.lose(worker);
  }

  private async lose(worker: ProofWorker): Promise<void> {
    await sleep((LONGEST_ANSWER_MS + this.setup.plan.commitDelayMs) * this.setup.plan.random());
    this.lostInHand += worker.inFlight;
    worker.cutOff();
    // Somebody must be there to go on.
    if (!this.workers.some(({ isThere }) => isThere)) await this.hire();
  }
}
