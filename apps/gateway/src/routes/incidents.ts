import { MAX_BODY_BYTES, incidentInputSchema, incidentQuerySchema, parseWith } from '@smart-support/contracts';
import type { IRouter } from 'express';
import type { GatewayDependencies } from '../dependencies';
import { isJsonObject, jsonBody } from '../http/body';
import { sendJson } from '../http/json';
import { HttpProblem, methodNotAllowed } from '../http/problem';

/** `/incidents`: many tickets, one cause. */
export function incidentRoutes(router: IRouter, { engine }: GatewayDependencies): void {
  const { serving } = engine;

  router
    .route('/incidents')
    .get(async (request, response) => {
      sendJson(response, 200, await serving.incidents.list(parseWith(incidentQuerySchema, request.query, 'query')));
    })
    .post(jsonBody({ limit: MAX_BODY_BYTES }), async (request, response) => {
      if (!isJsonObject(request.body)) throw new HttpProblem(400, 'An incident must be a JSON object.');
      const { title, ticket_ids } = parseWith(incidentInputSchema, request.body, 'incident');
      const incident = await serving.incidents.open(title, ticket_ids);
      response.setHeader('Location', `/incidents/${incident.id}`);
      sendJson(response, 201, incident);
    })
    .all(methodNotAllowed('GET', 'POST'));

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
      const { cursor } = parseWith(incidentQuerySchema, request.query, 'query');
      sendJson(response, 200, await serving.incidents.members(request.params.id, cursor));
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/incidents/:id/members/:ticket')
    .delete(async (request, response) => {
      await serving.incidents.unlink(request.params.id, request.params.ticket);
      response.status(204).end();
    })
    .all(methodNotAllowed('DELETE'));

  for (const action of ['confirm', 'resolve', 'reject'] as const) {
    router
      .route(`/incidents/:id/${action}`)
      .post(async (request, response) => {
        sendJson(response, 200, await serving.incidents[action](request.params.id));
      })
      .all(methodNotAllowed('POST'));
  }
}
