import { MAX_BODY_BYTES } from '@smart-support/contracts';
import { eventLoopTurn } from '@smart-support/pipeline';
import type { IRouter, Request, Response } from 'express';
import { callerOf } from '../http/caller';
import type { GatewayDependencies } from '../dependencies';
import { batchBody, jsonBody, releaseBatch } from '../http/body';
import { sendJson, sendJsonList } from '../http/json';
import { HttpProblem, methodNotAllowed, problemBody, problemOf } from '../http/problem';
import { type Answer, type ReadTicket, answerTo, readTicket, refuseTooLarge } from './ticket-answers';

/** `POST /ticket` and `POST /tickets`. */
export function intakeRoutes(router: IRouter, { engine, rateLimits, logger }: GatewayDependencies): void {
  const { serving } = engine;
  /**
   * Reads a ticket and takes its points of the rate limits.
   * @param response - of a ticket that came by itself
   */
  const admit = async (request: Request, body: unknown, response?: Response): Promise<ReadTicket> => {
    const caller = callerOf(request);
    // A batch has no key: it would make all of its tickets one.
    const ticket = readTicket(body, caller, response && request.get('Idempotency-Key'));
    await rateLimits.requester(ticket.offered.input, caller, response);
    return ticket;
  };
  const submit = async ({ offered, warnings }: ReadTicket): Promise<Answer> =>
    answerTo(await serving.submit(offered), warnings);

  router
    .route('/ticket')
    .post(rateLimits.ticket, jsonBody({ limit: MAX_BODY_BYTES }), async (request, response) => {
      await eventLoopTurn();
      const { status, body, location } = await submit(await admit(request, request.body, response));
      if (location !== undefined) response.setHeader('Location', location);
      sendJson(response, status, body);
    })
    .all(methodNotAllowed('POST'));

  const admitOfBatch = async (request: Request, item: unknown): Promise<ReadTicket> => {
    await rateLimits.ticketOfBatch(request);
    if (item instanceof HttpProblem) throw item;
    refuseTooLarge(item);
    return admit(request, item);
  };

  /** One entry of a batch's `results`, as JSON: the HTTP status and the body that the ticket would have got by itself. */
  const resultOf = async (answer: Promise<Answer>): Promise<string> => {
    try {
      const { status, body } = await answer;
      return JSON.stringify({ status_code: status, body });
    } catch (error) {
      const trouble = problemOf(error);
      if (trouble.status === 500) logger.error({ err: error }, 'a ticket of a batch failed');
      return JSON.stringify({ status_code: trouble.status, body: problemBody(trouble) });
    }
  };

  /** Each ticket has its turn of the event loop, or shares one with others as long as they take little time. */
  const resultsOf = async (request: Request, items: readonly unknown[]): Promise<string[]> => {
    const admitted: PromiseSettledResult<ReadTicket>[] = [];
    for (const item of items) {
      await eventLoopTurn('batch');
      admitted.push(...(await Promise.allSettled([admitOfBatch(request, item)])));
    }
    // All are admitted first: a pause between two of them would send each in a command of its own.
    const results: Promise<string>[] = [];
    for (const ticket of admitted) {
      await eventLoopTurn('batch');
      const result = resultOf(ticket.status === 'fulfilled' ? submit(ticket.value) : Promise.reject(ticket.reason));
      results.push(result);
      // To the shared queue they go in order, on one connection, and in as few commands as there are turns: a ticket sent twice finds its first
      // self. In this process one after the other, for the same reason.
      if (serving.mode === 'sync') await result;
    }
    return Promise.all(results);
  };

  router.route('/tickets').post(rateLimits.batch, batchBody, async (request, response) => {
    const results = await resultsOf(request, request.body as readonly unknown[]).finally(() => releaseBatch(request));
    await rateLimits.afterBatch(request, response);
    await sendJsonList(response, 207, 'results', results);
  });
}
