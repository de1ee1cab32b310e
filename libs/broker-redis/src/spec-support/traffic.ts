import { setTimeout as sleep } from 'node:timers/promises';
import { isStoreAway, isSmartSupportError } from '@smart-support/contracts';
import { aDecision, aNewTicket } from '@smart-support/testing';
import type { RedisBroker } from '../redis-broker';

/** Repeats a call until the store accepts it, as clients and workers do. */
export async function retryWhileUnavailable<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isStoreAway(error)) throw error;
      await sleep(20);
    }
  }
}

/** Tickets that are offered, claimed and committed until it is stopped, by a broker of its own for each. */
export class Traffic {
  /** Tickets that were acknowledged to their client. */
  readonly acknowledged: string[] = [];
  /** Number of answered commits by ticket. */
  readonly routed = new Map<string, number>();
  private stopped = false;
  private readonly clients: Promise<void>;
  private readonly worker: Promise<void>;

  constructor(
    private readonly gateway: RedisBroker,
    private readonly workerBroker: RedisBroker,
    clients = 4,
  ) {
    this.clients = Promise.all(Array.from({ length: clients }, (_, index) => this.send(index))).then(() => undefined);
    this.worker = this.work();
  }

  /** Offers no more tickets, and resolves once all are acknowledged, and routed as far as the store has them. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.clients;
    await this.worker;
  }

  private async send(client: number): Promise<void> {
    for (let number = 0; !this.stopped; number += 1) {
      const id = `t-${client}-${number}`;
      await retryWhileUnavailable(() => this.gateway.queue.accept([aNewTicket({ id })]));
      this.acknowledged.push(id);
      await sleep(1);
    }
  }

  private async work(): Promise<void> {
    for (;;) {
      await retryWhileUnavailable(() => this.workerBroker.queue.sweep());
      const claims = await retryWhileUnavailable(() => this.workerBroker.queue.claim(10));
      if (claims.length === 0 && this.stopped) return this.clients.then(() => this.workRest());
      for (const claim of claims) {
        const { id } = claim.record.ticket;
        await retryWhileUnavailable(() => this.workerBroker.tickets.commit(claim, aDecision()))
          .then(() => this.routed.set(id, (this.routed.get(id) ?? 0) + 1))
          .catch((error: unknown) => {
            // The claim, or the ticket with it, was lost with a master: it is claimed again.
            if (!isSmartSupportError(error, 'lease_lost')) throw error;
          });
      }
      if (claims.length === 0) await sleep(5);
    }
  }

  private async workRest(): Promise<void> {
    for (;;) {
      const claims = await retryWhileUnavailable(() => this.workerBroker.queue.claim(10));
      const { in_progress, lanes } = await retryWhileUnavailable(() => this.workerBroker.queue.report());
      if (claims.length === 0 && in_progress + lanes.urgent + lanes.normal === 0) return;
      for (const claim of claims)
        await retryWhileUnavailable(() => this.workerBroker.tickets.commit(claim, aDecision()));
      await retryWhileUnavailable(() => this.workerBroker.queue.sweep());
      if (claims.length === 0) await sleep(20);
    }
  }
}
