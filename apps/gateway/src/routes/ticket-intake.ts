import { eventLoopTurn } from '@smart-support/pipeline';
import type { Request, Response } from 'express';
import type { GatewayDependencies } from '../dependencies';
import { callerOf } from '../http/caller';
import { problemBody, problemOf } from '../http/problem';
import { type Answer, type ReadTicket, answerTo, readTicket } from './ticket-answers';

/** What one item of several would have been answered by itself. */
export interface ItemResult {
  readonly status: number;
  /** An entry of `results`: the HTTP status and the body. */
  readonly json: string;
}

/** How the items of a call are taken in: first each is admitted, then each is answered. */
export interface ItemSteps<Item, Admitted> {
  /** @throws any error that is the answer of this item */
  readonly admit: (item: Item) => Promise<Admitted>;
  readonly answer: (admitted: Admitted) => Promise<{ readonly status: number; readonly body: unknown }>;
}

/** Takes tickets in, for all routes that do. */
export class TicketIntake {
  constructor(private readonly deps: Pick<GatewayDependencies, 'engine' | 'rateLimits' | 'logger'>) {}

  /**
   * Reads a ticket and takes its points of the rate limits.
   * @param response - of a ticket that came by itself
   */
  async admit(request: Request, body: unknown, response?: Response): Promise<ReadTicket> {
    const caller = callerOf(request);
    // A batch has no key: it would make all of its tickets one.
    const ticket = readTicket(body, caller, response && request.get('Idempotency-Key'));
    await this.deps.rateLimits.requester(ticket.offered.input, caller, response);
    return ticket;
  }

  /** @throws HttpProblem if it was not accepted, or the outcome is unknown */
  async submit({ offered, warnings }: ReadTicket): Promise<Answer> {
    return answerTo(await this.deps.engine.serving.submit(offered), warnings);
  }

  /** Each item has its turn of the event loop, or shares one with others as long as they take little time. */
  async resultsOf<Item, Admitted>(
    items: readonly Item[],
    { admit, answer }: ItemSteps<Item, Admitted>,
  ): Promise<readonly ItemResult[]> {
    const admitted: PromiseSettledResult<Admitted>[] = [];
    for (const item of items) {
      await eventLoopTurn('batch');
      admitted.push(...(await Promise.allSettled([admit(item)])));
    }
    // All are admitted first: a pause between two of them would send each in a command of its own.
    const results: Promise<ItemResult>[] = [];
    for (const one of admitted) {
      await eventLoopTurn('batch');
      const result = this.resultOf(one.status === 'fulfilled' ? answer(one.value) : Promise.reject(one.reason));
      results.push(result);
      // To the shared queue they go in order, on one connection, and in as few commands as there are turns: a ticket sent twice finds its first
      // self. In this process one after the other, for the same reason.
      if (this.deps.engine.serving.mode === 'sync') await result;
    }
    return Promise.all(results);
  }

  private async resultOf(answer: Promise<{ readonly status: number; readonly body: unknown }>): Promise<ItemResult> {
    try {
      const { status, body } = await answer;
      return { status, json: JSON.stringify({ status_code: status, body }) };
    } catch (error) {
      const trouble = problemOf(error);
      if (trouble.status === 500) this.deps.logger.error({ err: error }, 'a ticket of several failed');
      const { status } = trouble;
      return { status, json: JSON.stringify({ status_code: status, body: problemBody(trouble) }) };
    }
  }
}
