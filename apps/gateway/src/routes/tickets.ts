import {
  MAX_BODY_BYTES,
  type Actor,
  SmartSupportError,
  type TicketRecord,
  correctionsSchema,
  isSmartSupportError,
  noteSchema,
  parseWith,
  ticketCountQuerySchema,
  ticketNoteSchema,
  ticketPatchSchema,
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

/** `/tickets` and `/tickets/<id>`: what became of them, and what persons do with them. */
export function ticketRoutes(router: IRouter, { engine }: GatewayDependencies): void {
  const { serving } = engine;

  /** @throws SmartSupportError `not_found`, also for a ticket that the caller may not see; `unavailable` where it may be in Redis, which is unavailable */
  const find = async (id: string, caller: Caller | undefined): Promise<TicketRecord> => {
    const failures: unknown[] = [];
    for (const meant of publicIdsFor(caller, id)) {
      try {
        const record = await serving.tickets.get(meant);
        if (record) return record;
      } catch (error) {
        failures.push(error);
      }
    }
    throw failures[0] ?? new SmartSupportError('not_found', NO_TICKET);
  };

  /** Changes the ticket that the caller means. @throws SmartSupportError `not_found`, also for a ticket that the caller may not see, and what the change throws */
  const change = async (
    id: string,
    caller: Caller | undefined,
    act: (id: string) => Promise<TicketRecord>,
  ): Promise<TicketRecord> => {
    for (const meant of publicIdsFor(caller, id)) {
      try {
        return await act(meant);
      } catch (error) {
        if (!isSmartSupportError(error, 'not_found')) throw error;
      }
    }
    throw new SmartSupportError('not_found', NO_TICKET);
  };

  const sendTickets = async (response: Response, query: unknown): Promise<void> => {
    const { tickets, next_cursor } = await serving.tickets.list(parseWith(ticketQuerySchema, query, 'query'));
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
      const query = parseWith(ticketCountQuerySchema, request.query, 'query');
      sendJson(response, 200, await serving.tickets.count(query));
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/tickets/:id')
    .get(async (request, response) => {
      sendJson(response, 200, (await find(request.params.id, callerOf(request))).ticket);
    })
    .patch(jsonBody({ limit: MAX_BODY_BYTES }), async (request, response) => {
      const { note, ...changes } = bodyOf(request, ticketPatchSchema, 'change');
      const caller = callerOf(request);
      // Found first: an unknown agent is no unknown ticket.
      const { id } = (await find(request.params.id, caller)).ticket;
      sendJson(response, 200, (await serving.tickets.amend(id, changes, actorOf(caller, note))).ticket);
    })
    .all(methodNotAllowed('GET', 'PATCH'));

  router
    .route('/tickets/:id/explain')
    .get(async (request, response) => {
      sendJson(response, 200, await engine.explain(await find(request.params.id, callerOf(request))));
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/tickets/:id/history')
    .get(async (request, response) => {
      const { history } = await find(request.params.id, callerOf(request));
      await sendList(response, 200, 'history', history);
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/tickets/:id/complete')
    .post(jsonBody({ limit: MAX_BODY_BYTES, optional: true }), async (request, response) => {
      const corrections = bodyOf(request, correctionsSchema, 'correction');
      const record = await change(request.params.id, callerOf(request), (id) =>
        serving.tickets.complete(id, corrections),
      );
      sendJson(response, 200, record.ticket);
    })
    .all(methodNotAllowed('POST'));

  router
    .route('/tickets/:id/note')
    .post(jsonBody({ limit: MAX_BODY_BYTES }), async (request, response) => {
      const { note, note_id } = bodyOf(request, ticketNoteSchema, 'note');
      const caller = callerOf(request);
      const record = await change(request.params.id, caller, (id) =>
        serving.tickets.note(id, { ...actorOf(caller, note), note_id }),
      );
      sendJson(response, 200, record.ticket);
    })
    .all(methodNotAllowed('POST'));

  for (const action of ['reassign', 'cancel', 'reopen'] as const) {
    router
      .route(`/tickets/:id/${action}`)
      .post(jsonBody({ limit: MAX_BODY_BYTES, optional: true }), async (request, response) => {
        const { note } = bodyOf(request, noteSchema, 'note');
        const caller = callerOf(request);
        const record = await change(request.params['id'], caller, (id) =>
          serving.tickets[action](id, actorOf(caller, note)),
        );
        sendJson(response, 200, record.ticket);
      })
      .all(methodNotAllowed('POST'));
  }
}

/** The body of a change. @throws HttpProblem 400, SmartSupportError `invalid_input` */
function bodyOf<Schema extends Parameters<typeof parseWith>[0]>(
  request: { readonly body?: unknown },
  schema: Schema,
  what: string,
) {
  if (!isJsonObject(request.body)) throw new HttpProblem(400, `A ${what} must be a JSON object.`);
  return parseWith(schema, request.body, what);
}

const actorOf = (caller: Caller | undefined, note: string | null): Actor => ({ by: caller?.source.key ?? null, note });
