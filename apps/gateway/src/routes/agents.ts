import { MAX_BODY_BYTES, agentIdSchema, agentInputSchema, parseWith } from '@smart-support/contracts';
import type { IRouter } from 'express';
import type { GatewayDependencies } from '../dependencies';
import { isJsonObject, jsonBody } from '../http/body';
import { sendJson, sendList } from '../http/json';
import { HttpProblem, methodNotAllowed } from '../http/problem';

/** `/agents`: the agents and their open tickets. */
export function agentRoutes(router: IRouter, { engine: { serving } }: GatewayDependencies): void {
  router
    .route('/agents')
    .get(async (_request, response) => {
      await sendList(response, 200, 'agents', await serving.agents.list());
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/agents/:id')
    .put(jsonBody({ limit: MAX_BODY_BYTES }), async (request, response) => {
      if (!isJsonObject(request.body)) throw new HttpProblem(400, 'An agent must be a JSON object.');
      const id = parseWith(agentIdSchema, request.params.id, 'agent id');
      const agent = parseWith(agentInputSchema, request.body, 'agent');
      sendJson(response, 200, await serving.agents.put(id, agent));
    })
    .delete(async (request, response) => {
      await serving.agents.remove(request.params.id);
      response.status(204).end();
    })
    .all(methodNotAllowed('PUT', 'DELETE'));
}
