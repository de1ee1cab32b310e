import {
  MAX_BODY_BYTES,
  type Corrections,
  SmartSupportError,
  type TicketRecord,
  correctionsSchema,
  isSmartSupportError,
  parseWith,
} from '@smart-support/contracts';
import { eventLoopTurn } from '@smart-support/pipeline';
import type { IRouter } from 'express';
import { type Caller, callerOf } from '../access/caller';
import { publicIdsFor } from '../access/trust-domain';
import type { GatewayDependencies } from '../dependencies';
import { batchBody, isJsonObject, jsonBody } from '../http/body';
import { sendJson, sendJsonList } from '../http/json';
import { HttpProblem, methodNotAllowed, problemBody, problemOf } from '../http/problem';
import { type Answer, answerTo, readTicket, refuseTooLarge } from './ticket-answers';

/** The same for a ticket that the caller may not see. */
const NO_TICKET = 'There is no ticket with this id.';

/** `/ticket` and `/tickets`: in they come, and what became of them. */
export function ticketRoutes(router: IRouter, { engine, logger }: GatewayDependencies): void {
  const { serving } = engine;
  const submit = async (body: unknown, caller: Caller | undefined, idempotencyKey?: string): Promise<Answer> => {
    const { offered, warnings } = readTicket(body, caller, idempotencyKey);
    return answerTo(await serving.submit(offered), warnings);
  };

  router
    .route('/ticket')
    .post(jsonBody({ limit: MAX_BODY_BYTES }), async (request, response) => {
      await eventLoopTurn();
      const idempotencyKey = request.get('Idempotency-Key');
      const { status, body, location } = await submit(request.body, callerOf(request), idempotencyKey);
      if (location !== undefined) response.setHeader('Location', location);
      sendJson(response, status, body);
    })
    .all(methodNotAllowed('POST'));

  /** One entry of a batch's `results`, as JSON: the HTTP status and the body that the ticket would have got by itself. */
  const resultOf = async (item: unknown, caller: Caller | undefined): Promise<string> => {
    try {
      if (item instanceof HttpProblem) throw item;
      refuseTooLarge(item);
      const { status, body } = await submit(item, caller);
      return JSON.stringify({ status_code: status, body });
    } catch (error) {
      const trouble = problemOf(error);
      if (trouble.status === 500) logger.error({ err: error }, 'a ticket of a batch failed');
      return JSON.stringify({ status_code: trouble.status, body: problemBody(trouble) });
    }
  };

  /** Each ticket has its turn of the event loop, or shares one with others as long as they take little time. */
  const resultsOf = async (items: readonly unknown[], caller: Caller | undefined): Promise<string[]> => {
    const results: Promise<string>[] = [];
    for (const item of items) {
      await eventLoopTurn('batch');
      const result = resultOf(item, caller);
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
      await sendJsonList(
        response,
        207,
        'results',
        await resultsOf(request.body as readonly unknown[], callerOf(request)),
      );
    })
    .all(methodNotAllowed('POST'));

  /** @throws SmartSupportError `not_found`, also for a ticket that the caller may not see; `unavailable` where it may be in Redis, and that is away */
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
