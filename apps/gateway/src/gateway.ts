import express, { type Express, type RequestHandler } from 'express';
import { allowOrigins } from './access/allow-origins';
import { trustProxies } from './http/caller';
import { requireKey } from './access/require-key';
import { sameMachineOnly } from './access/same-machine';
import type { GatewayDependencies } from './dependencies';
import { errorHandler, notFound } from './http/problem';
import { agentRoutes } from './routes/agents';
import { hookRoutes } from './routes/hooks';
import { incidentRoutes } from './routes/incidents';
import { intakeRoutes } from './routes/intake';
import { queueRoutes } from './routes/queue';
import { statusRoutes } from './routes/status';
import { ticketRoutes } from './routes/tickets';

/** The HTTP API of the engine. The wire contract is `docs/http-api.md`. */
export function createGateway(deps: GatewayDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  // Answers change from one moment to the next: an entity tag would only cost its hash.
  app.disable('etag');
  if (deps.trustedProxies !== undefined) trustProxies(app, deps.trustedProxies);
  app.use(countRequests(deps));
  if (deps.apiKeys === undefined) app.use(sameMachineOnly(deps));
  // Before keys are checked: preflight requests carry none, and a page must be able to read every refusal.
  if (deps.corsOrigins !== undefined) app.use(allowOrigins(deps.corsOrigins));
  // Before any route, and so before any body is read.
  const { apiKeys, keyDomains, logger, rateLimits } = deps;
  app.use(requireKey(apiKeys, keyDomains, { logger, countRefused: rateLimits.request }));
  // Tickets are counted one by one, and calls about the process itself are not.
  for (const addRoutes of [intakeRoutes, hookRoutes, statusRoutes]) addRoutes(app, deps);
  app.use(rateLimits.request);
  for (const addRoutes of [ticketRoutes, agentRoutes, incidentRoutes, queueRoutes]) addRoutes(app, deps);
  app.use(notFound);
  app.use(errorHandler((error) => logger.error({ err: error }, 'a request failed')));
  return app;
}

/** Counts and times every request that can be answered under its route's pattern, so that ids do not become labels. */
function countRequests({ metrics, isReady }: GatewayDependencies): RequestHandler {
  return (request, response, next) => {
    // Its connection was ended, as for too many requests ahead of their answers, and Node had parsed this one with them.
    if (request.socket.destroyed) return;
    const start = performance.now();
    // While draining, clients on kept-alive connections are sent elsewhere after this answer.
    if (!isReady()) response.setHeader('Connection', 'close');
    response.on('finish', () => {
      metrics.observeRequest({
        method: request.method,
        route: (request.route as { path?: string } | undefined)?.path,
        status: response.statusCode,
        seconds: (performance.now() - start) / 1000,
      });
    });
    next();
  };
}
