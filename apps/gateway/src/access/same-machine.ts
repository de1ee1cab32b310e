import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4 } from 'node:net';
import type { RequestHandler } from 'express';
import { HttpProblem } from '../http/problem';

/** What a gateway without keys knows of its callers. */
export interface SameMachineOptions {
  /** The address that it listens at. */
  readonly host: string;
  /** Origins whose pages may call; none if left out. */
  readonly corsOrigins: '*' | readonly string[] | undefined;
}

/** Hosts that mean every address: by which name a caller reaches one of these is not known. */
const ANY_ADDRESS = ['0.0.0.0', '::'];

/** Methods that change nothing. */
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** A content type that no page may send to another origin without asking first (preflight). */
const JSON_TYPE = /^application\/(?:[\w.+-]{1,100}\+)?json(?=;|\s|$)/i;

/**
 * Keeps web pages out of a gateway that is open to every user of its machine, for a browser on this machine sends what any page asks it to. Refused are
 *
 * - a `Host` that is no name of this machine: a page of a name that was made to point here (DNS rebinding) sends its own,
 * - an `Origin` that `CORS_ORIGINS` does not name (it serves no pages, so none is its own), and what a browser marks as `cross-site` without one,
 * - a change that an old browser, which marks nothing, could send for a form or an image without a preflight request.
 *
 * Programs send none of these marks and are not concerned.
 * @throws HttpProblem 403
 */
export function sameMachineOnly({ host, corsOrigins }: SameMachineOptions): RequestHandler {
  const isKnown = (origin: string): boolean => corsOrigins === '*' || (corsOrigins?.includes(origin) ?? false);
  return ({ headers, method }, _response, next) => {
    if (!isNameOfThisMachine(headers.host, host)) {
      throw new HttpProblem(403, 'This Host is no name of this machine, and without API_KEYS no other may call.');
    }
    const { origin } = headers;
    if (origin === undefined ? isUnmarkedCrossSite(headers, corsOrigins) : !isKnown(origin)) {
      throw new HttpProblem(403, 'Web pages of this origin may not call: CORS_ORIGINS does not name it.');
    }
    if (!SAFE_METHODS.includes(method) && origin === undefined && isBrowser(headers) && !needsPreflight(headers)) {
      throw new HttpProblem(403, 'A browser may change something only with the content type application/json.');
    }
    next();
  };
}

/** Requests without a `Host` are of HTTP/1.0, which no browser speaks. */
function isNameOfThisMachine(sent: string | undefined, listeningAt: string): boolean {
  if (sent === undefined || ANY_ADDRESS.includes(listeningAt)) return true;
  const name = sent.replace(/:\d{0,5}$/, '').toLowerCase();
  const isLoopback = name === 'localhost' || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'));
  return isLoopback || name === listeningAt.toLowerCase() || name === `[${listeningAt.toLowerCase()}]`;
}

/** As an image, a link or a form that sends no origin. */
function isUnmarkedCrossSite(headers: IncomingHttpHeaders, corsOrigins: SameMachineOptions['corsOrigins']): boolean {
  return headers['sec-fetch-site'] === 'cross-site' && corsOrigins !== '*';
}

function isBrowser(headers: IncomingHttpHeaders): boolean {
  const marks = [headers.referer, headers.cookie, headers['sec-fetch-site']];
  return marks.some((mark) => mark !== undefined) || /^Mozilla\//.test(headers['user-agent'] ?? '');
}

function needsPreflight(headers: IncomingHttpHeaders): boolean {
  return JSON_TYPE.test(headers['content-type'] ?? '') || headers['x-api-key'] !== undefined;
}
