import {
  MAX_BATCH_BYTES,
  MAX_BATCH_TICKETS,
  MAX_TICKET_BYTES,
  SmartSupportError,
  type TicketRecord,
  correctionsSchema,
  parseWith,
} from '@smart-support/contracts';
import { Router } from 'express';
import type { GatewayDependencies } from '../dependencies';
import { isJsonObject, jsonBody } from '../http/body';
import { sendJson } from '../http/json';
import { methodNotAllowed, problem, problemBody, problemOf, sendProblem } from '../http/problem';
import { type TicketAnswer, answerOf, isProblem, isTooLarge, readTicket } from './ticket-answers';

/** `/ticket` and `/tickets`: in they come, and what became of them. */
export function ticketRoutes({ engine: { pipeline, broker } }: GatewayDependencies): Router {
  const router = Router();

  const routeOne = async (body: unknown, idempotencyKey?: string): Promise<TicketAnswer> => {
    const offered = readTicket(body, idempotencyKey);
    return isProblem(offered) ? { problem: offered } : answerOf(await pipeline.route(offered));
  };

  router
    .route('/ticket')
    .post(jsonBody({ limit: MAX_TICKET_BYTES }), async (request, response) => {
      const answer = await routeOne(request.body, request.get('Idempotency-Key'));
      if ('problem' in answer) sendProblem(response, answer.problem);
      else sendJson(response, 200, answer.ticket);
    })
    .all(methodNotAllowed('POST'));

  const routeItem = async (item: unknown): Promise<TicketAnswer> => {
    try {
      const offered = readTicket(item);
      if (isProblem(offered)) return { problem: offered };
      if (isTooLarge(offered)) return { problem: problem(413, 'This ticket is larger than 64 KiB.') };
      return answerOf(await pipeline.route(offered));
    } catch (error) {
      return { problem: problemOf(error) };
    }
  };

  router
    .route('/tickets')
    .post(jsonBody({ limit: MAX_BATCH_BYTES }), async (request, response) => {
      const items: unknown = request.body;
      if (!Array.isArray(items)) {
        sendProblem(response, problem(400, 'A batch must be a JSON array of tickets.'));
      } else if (items.length > MAX_BATCH_TICKETS) {
        sendProblem(
          response,
          problem(413, `A batch takes at most ${MAX_BATCH_TICKETS} tickets; this one has ${items.length}.`),
        );
      } else {
        const results: object[] = [];
        // One after the other: a ticket sent twice in one batch must find its first self.
        for (const item of items) results.push(resultOf(await routeItem(item)));
        sendJson(response, 207, { results });
      }
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
    .post(jsonBody({ limit: MAX_TICKET_BYTES, optional: true }), async (request, response) => {
      if (!isJsonObject(request.body)) {
        sendProblem(response, problem(400, 'Corrections must be a JSON object.'));
        return;
      }
      const corrections = parseWith(correctionsSchema, request.body, 'correction');
      sendJson(response, 200, (await broker.tickets.complete(request.params.id, corrections)).ticket);
    })
    .all(methodNotAllowed('POST'));

  return router;
}

/** One entry of a batch's `results`: the HTTP status and the body that the ticket would have got by itself. */
function resultOf(answer: TicketAnswer): object {
  return 'problem' in answer
    ? { status_code: answer.problem.status, body: problemBody(answer.problem) }
    : { status_code: 200, body: answer.ticket };
}
