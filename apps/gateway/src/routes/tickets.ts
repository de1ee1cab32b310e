import {
  MAX_BODY_BYTES,
  SmartSupportError,
  type TicketRecord,
  correctionsSchema,
  parseWith,
} from '@smart-support/contracts';
import { eventLoopTurn } from '@smart-support/pipeline';
import type { IRouter } from 'express';
import type { GatewayDependencies } from '../dependencies';
import { batchBody, isJsonObject, jsonBody } from '../http/body';
import { sendJson, sendJsonList } from '../http/json';
import { HttpProblem, methodNotAllowed, problemBody, problemOf } from '../http/problem';
import { type Answer, answerTo, readTicket, refuseTooLarge } from './ticket-answers';

/** `/ticket` and `/tickets`: in they come, and what became of them. */
export function ticketRoutes(router: IRouter, { engine, logger }: GatewayDependencies): void {
  const { serving } = engine;
  const submit = async (body: unknown, idempotencyKey?: string): Promise<Answer> => {
    const { offered, warnings } = readTicket(body, idempotencyKey);
    return answerTo(await serving.submit(offered), warnings);
  };

  router
    .route('/ticket')
    .post(jsonBody({ limit: MAX_BODY_BYTES }), async (request, response) => {
      await eventLoopTurn();
      const { status, body, location } = await submit(request.body, request.get('Idempotency-Key'));
      if (location !== undefined) response.setHeader('Location', location);
      sendJson(response, status, body);
    })
    .all(methodNotAllowed('POST'));

  /** One entry of a batch's `results`, as JSON: the HTTP status and the body that the ticket would have got by itself. */
  const resultOf = async (item: unknown): Promise<string> => {
    try {
      if (item instanceof HttpProblem) throw item;
      refuseTooLarge(item);
      const { status, body } = await submit(item);
      return JSON.stringify({ status_code: status, body });
    } catch (error) {
      const trouble = problemOf(error);
      if (trouble.status === 500) logger.error({ err: error }, 'a ticket of a batch failed');
      return JSON.stringify({ status_code: trouble.status, body: problemBody(trouble) });
    }
  };

  /** Each ticket has its turn of the event loop, or shares one with others as long as they take little time. */
  const resultsOf = async (items: readonly unknown[]): Promise<string[]> => {
    const results: Promise<string>[] = [];
    for (const item of items) {
      await eventLoopTurn('batch');
      const result = resultOf(item);
      results.push(result);
      // To the shared queue they go in order, on one connection, and in as few commands as there are turns: a ticket sent twice finds its first
      // self. In this process one after the other, for the same reason.
      if (serving.mode === 'sync') await result;
    }
    return Promise.all(results);
  };

  router
    .route('/tickets')
    .post(batchBody, async (request, response) => {
      await sendJsonList(response, 207, 'results', await resultsOf(request.body as readonly unknown[]));
    })
    .all(methodNotAllowed('POST'));

  const find = async (id: string): Promise<TicketRecord> => {
    const record = await serving.get(id);
    if (!record) throw new SmartSupportError('not_found', 'There is no ticket with this id.');
    return record;
  };

  router
    .route('/tickets/:id')
    .get(async (request, response) => {
      sendJson(response, 200, (await find(request.params.id)).ticket);
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/tickets/:id/explain')
    .get(async (request, response) => {
      sendJson(response, 200, await engine.explain(await find(request.params.id)));
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/tickets/:id/complete')
    .post(jsonBody({ limit: MAX_BODY_BYTES, optional: true }), async (request, response) => {
      if (!isJsonObject(request.body)) throw new HttpProblem(400, 'Corrections must be a JSON object.');
      const corrections = parseWith(correctionsSchema, request.body, 'correction');
      sendJson(response, 200, (await serving.complete(request.params.id, corrections)).ticket);
    })
    .all(methodNotAllowed('POST'));
}
