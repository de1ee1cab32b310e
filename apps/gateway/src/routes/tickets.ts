import {
  MAX_BODY_BYTES,
  type Corrections,
  SmartSupportError,
  type TicketRecord,
  correctionsSchema,
  isSmartSupportError,
  parseWith,
  ticketCountQuerySchema,
  ticketQuerySchema,
} from '@smart-support/contracts';
import type { IRouter, Response } from 'express';
import { type Caller, callerOf } from '../http/caller';
import { publicIdsFor } from '../access/trust-domain';
import type { GatewayDependencies } from '../dependencies';
import { isJsonObject, jsonBody } from '../http/body';
import { sendJson, sendList } from '../http/json';
import { HttpProblem, methodNotAllowed } from '../http/problem';

/** The same for a ticket that the caller may not see. */
const NO_TICKET = 'There is no ticket with this id.';

/** `/tickets` and `/tickets/<id>`: what became of them. */
export function ticketRoutes(router: IRouter, { engine }: GatewayDependencies): void {
  const { serving } = engine;
  /** @throws SmartSupportError `not_found`, also for a ticket that the caller may not see; `unavailable` where it may be in Redis, which is unavailable */
  const find = async (id: string, caller: Caller | undefined): Promise<TicketRecord> => {
    const failures: unknown[] = [];
    for (const meant of publicIdsFor(caller, id)) {
      try {
        const record = await serving.get(meant);
        if (record) return record;
      } catch (error) {
        failures.push(error);
      }
    }
    throw failures[0] ?? new SmartSupportError('not_found', NO_TICKET);
  };

  const complete = async (id: string, caller: Caller | undefined, corrections: Corrections): Promise<TicketRecord> => {
    for (const meant of publicIdsFor(caller, id)) {
      try {
        return await serving.complete(meant, corrections);
      } catch (error) {
        if (!isSmartSupportError(error, 'not_found')) throw error;
      }
    }
    throw new SmartSupportError('not_found', NO_TICKET);
  };

  const sendTickets = async (response: Response, query: unknown): Promise<void> => {
    const { tickets, next_cursor } = await serving.list(parseWith(ticketQuerySchema, query, 'query'));
    await sendList(response, 200, 'tickets', tickets, { next_cursor });
  };

  router
    .route('/tickets')
    .get((request, response) => sendTickets(response, request.query))
    .all(methodNotAllowed('GET', 'POST'));

  router
    .route('/agents/:id/tickets')
    .get((request, response) =>
      sendTickets(response, { status: 'assigned', ...request.query, agent: request.params.id }),
    )
    .all(methodNotAllowed('GET'));

  router
    .route('/ticket-counts')
    .get(async (request, response) => {
      sendJson(response, 200, await serving.count(parseWith(ticketCountQuerySchema, request.query, 'query')));
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/tickets/:id')
    .get(async (request, response) => {
      sendJson(response, 200, (await find(request.params.id, callerOf(request))).ticket);
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/tickets/:id/explain')
    .get(async (request, response) => {
      sendJson(response, 200, await engine.explain(await find(request.params.id, callerOf(request))));
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/tickets/:id/complete')
    .post(jsonBody({ limit: MAX_BODY_BYTES, optional: true }), async (request, response) => {
      if (!isJsonObject(request.body)) throw new HttpProblem(400, 'Corrections must be a JSON object.');
      const corrections = parseWith(correctionsSchema, request.body, 'correction');
      sendJson(response, 200, (await complete(request.params.id, callerOf(request), corrections)).ticket);
    })
    .all(methodNotAllowed('POST'));
}
