import {
  MAX_BATCH_BYTES,
  MAX_BATCH_TICKETS,
  MAX_BODY_BYTES,
  SmartSupportError,
  type TicketRecord,
  correctionsSchema,
  parseWith,
} from '@smart-support/contracts';
import { setImmediate } from 'node:timers/promises';
import type { IRouter } from 'express';
import type { GatewayDependencies } from '../dependencies';
import { isJsonObject, jsonBody } from '../http/body';
import { eventLoopTurn } from '../http/event-loop-turn';
import { sendJson } from '../http/json';
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

  /** One entry of a batch's `results`: the HTTP status and the body that the ticket would have got by itself. */
  const resultOf = async (item: unknown): Promise<object> => {
    try {
      refuseTooLarge(item);
      const { status, body } = await submit(item);
      return { status_code: status, body };
    } catch (error) {
      const trouble = problemOf(error);
      if (trouble.status === 500) logger.error({ err: error }, 'a ticket of a batch failed');
      return { status_code: trouble.status, body: problemBody(trouble) };
    }
  };

  const resultsOf = async (items: readonly unknown[]): Promise<object[]> => {
    const results: object[] = [];
    for (const [index, item] of items.entries()) {
      // On the shared queue they leave at once and in order, on one connection: a ticket sent twice still finds its first self.
      if (serving.mode === 'async') return [...results, ...(await Promise.all(items.slice(index).map(resultOf)))];
      // In this process one after the other, for the same reason.
      results.push(await resultOf(item));
      // Other requests get their turn; between two tickets, so that nobody else can claim the one just accepted.
      await setImmediate();
    }
    return results;
  };

  router
    .route('/tickets')
    .post(jsonBody({ limit: MAX_BATCH_BYTES }), async (request, response) => {
      const items: unknown = request.body;
      if (!Array.isArray(items)) throw new HttpProblem(400, 'A batch must be a JSON array of tickets.');
      if (items.length > MAX_BATCH_TICKETS) {
        throw new HttpProblem(413, `A batch takes at most ${MAX_BATCH_TICKETS} tickets; this one has ${items.length}.`);
      }
      sendJson(response, 207, { results: await resultsOf(items) });
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
