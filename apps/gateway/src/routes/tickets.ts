import {
  MAX_BATCH_BYTES,
  MAX_BATCH_TICKETS,
  MAX_BODY_BYTES,
  SmartSupportError,
  type Ticket,
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
import { readTicket, refuseTooLarge, ticketOf } from './ticket-answers';

/** `/ticket` and `/tickets`: in they come, and what became of them. */
export function ticketRoutes(router: IRouter, { engine: { pipeline, broker }, logger }: GatewayDependencies): void {
  const route = async (body: unknown, idempotencyKey?: string): Promise<Ticket> =>
    ticketOf(await pipeline.route(readTicket(body, idempotencyKey)));

  router
    .route('/ticket')
    .post(jsonBody({ limit: MAX_BODY_BYTES }), async (request, response) => {
      await eventLoopTurn();
      sendJson(response, 200, await route(request.body, request.get('Idempotency-Key')));
    })
    .all(methodNotAllowed('POST'));

  /** One entry of a batch's `results`: the HTTP status and the body that the ticket would have got by itself. */
  const resultOf = async (item: unknown): Promise<object> => {
    try {
      refuseTooLarge(item);
      return { status_code: 200, body: await route(item) };
    } catch (error) {
      const trouble = problemOf(error);
      if (trouble.status === 500) logger.error({ err: error }, 'a ticket of a batch failed');
      return { status_code: trouble.status, body: problemBody(trouble) };
    }
  };

  router
    .route('/tickets')
    .post(jsonBody({ limit: MAX_BATCH_BYTES }), async (request, response) => {
      const items: unknown = request.body;
      if (!Array.isArray(items)) throw new HttpProblem(400, 'A batch must be a JSON array of tickets.');
      if (items.length > MAX_BATCH_TICKETS) {
        throw new HttpProblem(413, `A batch takes at most ${MAX_BATCH_TICKETS} tickets; this one has ${items.length}.`);
      }
      const results: object[] = [];
      // One after the other: a ticket sent twice in one batch must find its first self.
      for (const item of items) {
        results.push(await resultOf(item));
        // Other requests get their turn; between two tickets, so that nobody else can claim the one just accepted.
        await setImmediate();
      }
      sendJson(response, 207, { results });
    })
    .all(methodNotAllowed('POST'));

  const find = async (id: string): Promise<TicketRecord> => {
    const record = await broker.tickets.get(id);
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
      sendJson(response, 200, await pipeline.explain(await find(request.params.id)));
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/tickets/:id/complete')
    .post(jsonBody({ limit: MAX_BODY_BYTES, optional: true }), async (request, response) => {
      if (!isJsonObject(request.body)) throw new HttpProblem(400, 'Corrections must be a JSON object.');
      const corrections = parseWith(correctionsSchema, request.body, 'correction');
      sendJson(response, 200, (await broker.tickets.complete(request.params.id, corrections)).ticket);
    })
    .all(methodNotAllowed('POST'));
}
