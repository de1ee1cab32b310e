import { type ApiKey, type KeyDomain, trustDomainOf } from '@smart-support/config';
import { type KeyHolder, KeyRing, sentKeys } from '@smart-support/runtime';
import type { Logger } from '@smart-support/telemetry';
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { HttpProblem } from '../http/problem';
import { clientOf, setCaller } from '../http/caller';
import { RIGHTS, type Right, UNLISTED } from './rights';

/** What a refusal needs. */
interface RefusalDependencies {
  readonly logger: Logger;
  /** Counts a call that the role of its key may not make; refuses it otherwise where there were too many. */
  readonly countRefused: RequestHandler;
}

/**
 * Lets a request pass that carries the key of a role which may make this call; it looks at headers only, so the body of a
 * caller without a key is not read. The patterns of {@link RIGHTS} are matched by a router of the same kind as the routes behind it,
 * so both always mean the same path. Without keys everything passes. What follows finds whose key it was by `callerOf`.
 */
export function requireKey(
  keys: readonly ApiKey[] | undefined,
  domains: readonly KeyDomain[] | undefined,
  { logger, countRefused }: RefusalDependencies,
): RequestHandler {
  if (keys === undefined) return (_request, _response, next) => next();
  const ring = new KeyRing(keys);

  const passFor =
    (roles: Right['for']): RequestHandler =>
    async (request, response, next) => {
      if (roles !== 'everyone') {
        const { name, role } = identify(request, ring);
        setCaller(request, { role, source: { key: name, domain: trustDomainOf(name, domains) } });
        if (!roles.includes(role)) {
          // Only holders of a key get here, so other callers cannot flood the log; nor can a key.
          await countRefused(request, response, () => undefined);
          const client = clientOf(request);
          logger.warn(
            { key_name: name, role, method: request.method, route: routeOf(request), client },
            'access refused',
          );
          throw new HttpProblem(403, `The role "${role}" may not make this call.`);
        }
      }
      next('router');
    };

  const router = express.Router();
  // First, because a router answers OPTIONS by itself once it has seen a route of that path; the routes behind it decide.
  router.use((request, response, next) => {
    return request.method === 'OPTIONS' ? passFor(UNLISTED)(request, response, next) : next();
  });
  for (const { method, path, for: roles } of RIGHTS) router[method](path, passFor(roles));
  router.use(passFor(UNLISTED));
  // A path that cannot be decoded matches nothing; callers without a key do not learn even that.
  const strangersFirst: ErrorRequestHandler = (error, request, _response, next) => {
    if (!(error instanceof HttpProblem)) identify(request, ring);
    next(error);
  };
  router.use(strangersFirst);
  return router;
}

/** @throws HttpProblem 401 unless the request carries exactly one key, and a known one */
function identify(request: Request, ring: KeyRing): KeyHolder {
  const [secret, ...more] = sentKeys(request);
  if (secret === undefined) {
    throw unauthorized('This call needs a key: Authorization: Bearer <key>, or X-API-Key: <key>.');
  }
  if (more.length > 0) throw unauthorized('This call takes one key, and there are several.');
  const holder = ring.holderOf(secret);
  if (!holder) throw unauthorized('This key is not known here.');
  return holder;
}

function unauthorized(detail: string): HttpProblem {
  return new HttpProblem(401, detail, { challenge: 'Bearer' });
}

/** The pattern of the call, without the ids of a path. */
function routeOf(request: Request): string | undefined {
  return (request.route as { readonly path?: string } | undefined)?.path;
}
