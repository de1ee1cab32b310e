import { Router } from 'express';
import type { GatewayDependencies } from '../dependencies';
import { sendJson } from '../http/json';
import { methodNotAllowed, problem, sendProblem } from '../http/problem';

/** `/health`, `/livez`, `/readyz` and `/metrics`: how the process is doing. */
export function statusRoutes({ health, isReady, metrics }: GatewayDependencies): Router {
  const router = Router();

  router
    .route('/health')
    .get(async (_request, response) => {
      sendJson(response, 200, await health());
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/livez')
    .get((_request, response) => {
      sendJson(response, 200, { status: 'ok' });
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/readyz')
    .get((_request, response) => {
      if (isReady()) sendJson(response, 200, { status: 'ok' });
      else sendProblem(response, problem(503, 'This process is draining.', { retryAfter: 1 }));
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/metrics')
    .get(async (_request, response) => {
      const { contentType, body } = await metrics.render();
      response.setHeader('Content-Type', contentType);
      response.end(body);
    })
    .all(methodNotAllowed('GET'));

  return router;
}
