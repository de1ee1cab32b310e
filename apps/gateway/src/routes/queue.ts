import type { IRouter } from 'express';
import type { GatewayDependencies } from '../dependencies';
import { sendJson, sendList } from '../http/json';
import { methodNotAllowed } from '../http/problem';

/** `/queue` and `/dead-letters`. */
export function queueRoutes(router: IRouter, { engine: { serving } }: GatewayDependencies): void {
  router
    .route('/queue')
    .get(async (_request, response) => {
      sendJson(response, 200, await serving.report());
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/dead-letters')
    .get(async (request, response) => {
      const { cursor } = request.query;
      const page = await serving.deadLetters.list(typeof cursor === 'string' ? cursor : undefined);
      await sendList(response, 200, 'dead_letters', page.dead_letters, { next_cursor: page.next_cursor });
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/dead-letters/:id')
    .delete(async (request, response) => {
      await serving.deadLetters.remove(request.params.id);
      response.status(204).end();
    })
    .all(methodNotAllowed('DELETE'));

  router
    .route('/dead-letters/:id/retry')
    .post(async (request, response) => {
      sendJson(response, 200, (await serving.deadLetters.retry(request.params.id)).ticket);
    })
    .all(methodNotAllowed('POST'));
}
