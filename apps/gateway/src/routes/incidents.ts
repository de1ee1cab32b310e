import {
  type IncidentSelection,
  MAX_BODY_BYTES,
  MAX_ENDED_INCIDENTS,
  incidentInputSchema,
  incidentQuerySchema,
  incidentResolutionSchema,
  incidentResolutionsSchema,
  incidentSelectionSchema,
  memberQuerySchema,
  parseWith,
} from '@smart-support/contracts';
import type { IRouter } from 'express';
import type { GatewayDependencies } from '../dependencies';
import { isJsonObject, jsonBody } from '../http/body';
import { sendJson, sendList } from '../http/json';
import { HttpProblem, methodNotAllowed, problemBody, problemOf } from '../http/problem';

/** `/incidents`: many tickets, one cause. */
export function incidentRoutes(router: IRouter, { engine, logger }: GatewayDependencies): void {
  const { serving } = engine;

  router
    .route('/incidents')
    .get(async (request, response) => {
      const page = await serving.incidents.list(parseWith(incidentQuerySchema, request.query, 'query'));
      await sendList(response, 200, 'incidents', page.incidents, { next_cursor: page.next_cursor });
    })
    .post(jsonBody({ limit: MAX_BODY_BYTES }), async (request, response) => {
      if (!isJsonObject(request.body)) throw new HttpProblem(400, 'An incident must be a JSON object.');
      const { title, ticket_ids } = parseWith(incidentInputSchema, request.body, 'incident');
      const incident = await serving.incidents.open(title, ticket_ids);
      response.setHeader('Location', `/incidents/${incident.id}`);
      sendJson(response, 201, incident);
    })
    .all(methodNotAllowed('GET', 'POST'));

  /** The ids that a selection names, and whether more incidents have the status. */
  const selected = async ({ ids, status }: IncidentSelection): Promise<{ ids: string[]; hasMore: boolean }> => {
    if (ids) return { ids: [...new Set(ids)], hasMore: false };
    const { incidents, next_cursor } = await serving.incidents.list({ status });
    const found = incidents.map(({ id }) => id);
    return {
      ids: found.slice(0, MAX_ENDED_INCIDENTS),
      hasMore: next_cursor !== null || found.length > MAX_ENDED_INCIDENTS,
    };
  };

  /** What is asked of several incidents at once. */
  const several = {
    resolve: (body: unknown) => {
      const { complete_doubtful: completeDoubtful, ...selection } = parseWith(
        incidentResolutionsSchema,
        body,
        'selection',
      );
      return { selection, end: (id: string) => serving.incidents.resolve(id, { completeDoubtful }) };
    },
    reject: (body: unknown) => {
      const selection = parseWith(incidentSelectionSchema, body, 'selection');
      return { selection, end: (id: string) => serving.incidents.reject(id) };
    },
  };

  for (const action of ['resolve', 'reject'] as const) {
    /** The HTTP status and the body that the action on one incident would have got by itself. */
    const resultOf = async (id: string, end: (id: string) => Promise<object>): Promise<object> => {
      try {
        return { id, status_code: 200, body: await end(id) };
      } catch (error) {
        const trouble = problemOf(error);
        if (trouble.status === 500) logger.error({ err: error }, 'an incident of several could not be ended');
        return { id, status_code: trouble.status, body: problemBody(trouble) };
      }
    };

    router
      .route(`/incidents/${action}`)
      .post(jsonBody({ limit: MAX_BODY_BYTES }), async (request, response) => {
        if (!isJsonObject(request.body)) throw new HttpProblem(400, 'A selection of incidents must be a JSON object.');
        const { selection, end } = several[action](request.body);
        const { ids, hasMore } = await selected(selection);
        const results: object[] = [];
        // One after the other: each may settle a thousand members before it is answered.
        for (const id of ids) results.push(await resultOf(id, end));
        await sendList(response, 207, 'results', results, { has_more: hasMore });
      })
      .all(methodNotAllowed('POST'));
  }

  router
    .route('/incidents/:id')
    .get(async (request, response) => {
      const incident = await serving.incidents.get(request.params.id);
      if (!incident) throw new HttpProblem(404, `There is no incident "${request.params.id}".`);
      sendJson(response, 200, incident);
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/incidents/:id/members')
    .get(async (request, response) => {
      const { cursor, doubtful } = parseWith(memberQuerySchema, request.query, 'query');
      const page = await serving.incidents[doubtful ? 'doubtfulMembers' : 'members'](request.params.id, cursor);
      await sendList(response, 200, 'members', page.members, { next_cursor: page.next_cursor });
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/incidents/:id/members/:ticket')
    .delete(async (request, response) => {
      await serving.incidents.unlink(request.params.id, request.params.ticket);
      response.status(204).end();
    })
    .all(methodNotAllowed('DELETE'));

  router
    .route('/incidents/:id/resolve')
    .post(jsonBody({ limit: MAX_BODY_BYTES, optional: true }), async (request, response) => {
      if (!isJsonObject(request.body)) throw new HttpProblem(400, 'A resolution must be a JSON object.');
      const { complete_doubtful: completeDoubtful } = parseWith(incidentResolutionSchema, request.body, 'resolution');
      sendJson(response, 200, await serving.incidents.resolve(request.params['id'], { completeDoubtful }));
    })
    .all(methodNotAllowed('POST'));

  for (const action of ['confirm', 'reject'] as const) {
    router
      .route(`/incidents/:id/${action}`)
      .post(async (request, response) => {
        sendJson(response, 200, await serving.incidents[action](request.params.id));
      })
      .all(methodNotAllowed('POST'));
  }
}
