import type { HealthReport, WorkerStatus } from '@smart-support/contracts';
import type { FailoverService } from '@smart-support/failover';
import type { IRouter } from 'express';
import type { GatewayDependencies } from '../dependencies';
import { sendJson } from '../http/json';
import { methodNotAllowed, problem, sendProblem } from '../http/problem';

/** `/health`, `/livez`, `/readyz` and `/metrics`. */
export function statusRoutes(
  router: IRouter,
  { engine, isReady, metrics, modelFallback, faultsInjected, version }: GatewayDependencies,
): void {
  router
    .route('/health')
    .get(async (_request, response) => {
      const { depth, workers } = await lookAt(engine.serving);
      // In async mode workers route, and their breakers count.
      const isOpen =
        engine.serving.mode === 'async'
          ? workers.some(({ circuit_breaker }) => circuit_breaker === 'open')
          : engine.models.status().some(({ breaker }) => breaker === 'open');
      const report: HealthReport = {
        status: 'ok',
        queue_depth: depth,
        circuit_breaker: isOpen ? 'open' : 'closed',
        mode: engine.serving.mode,
        ...engine.redis,
        model_fallback: modelFallback || isOpen,
        fault_injection: faultsInjected,
        version,
      };
      sendJson(response, 200, report);
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
}

/**
 * The report of the broker that serves now. If it becomes unavailable meanwhile, the other one serves already. In any case,
 * there is an answer: a health check that fails with the store would stop the gateway, too.
 */
async function lookAt(
  serving: FailoverService,
): Promise<{ readonly depth: number; readonly workers: readonly WorkerStatus[] }> {
  const look = async () => {
    const [{ lanes }, workers] = await Promise.all([serving.report(), serving.workers()]);
    return { depth: lanes.urgent + lanes.normal, workers };
  };
  return look()
    .catch(look)
    .catch(() => ({ depth: 0, workers: [] }));
}
