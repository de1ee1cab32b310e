import type { RequestHandler } from 'express';
import { RIGHTS } from './rights';

/** For how long a browser may cache the answer to a preflight request, in seconds. */
const MAX_AGE_SECONDS = '600';

/** Every method of the API. */
const METHODS = [...new Set(RIGHTS.map(({ method }) => method.toUpperCase()))].join(', ');

/** What a page may send beside what every page may send. */
const REQUEST_HEADERS = 'Authorization, X-API-Key, Content-Type, Idempotency-Key';

/** What a page may read of an answer beside what every page may read. */
const ANSWER_HEADERS = 'Location, Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate, Allow';

/**
 * Lets web pages of some origins call the API from a browser (CORS), and answers preflight requests, for
 * which a browser has no key. Cookies are not allowed: keys are sent as headers. Requests of other origins, and of none, pass unchanged: it is
 * the browser that keeps their answers from a page.
 */
export function allowOrigins(origins: '*' | readonly string[]): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers;
    // Also without an origin: a cache must not serve this answer to pages of another one.
    if (origins !== '*') response.vary('Origin');
    if (origin === undefined || (origins !== '*' && !origins.includes(origin))) {
      next();
      return;
    }
    response.setHeader('Access-Control-Allow-Origin', origins === '*' ? '*' : origin);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      response.setHeader('Access-Control-Expose-Headers', ANSWER_HEADERS);
      next();
      return;
    }
    response.setHeader('Access-Control-Allow-Methods', METHODS);
    response.setHeader('Access-Control-Allow-Headers', REQUEST_HEADERS);
    response.setHeader('Access-Control-Max-Age', MAX_AGE_SECONDS);
    response.status(204).end();
  };
}
