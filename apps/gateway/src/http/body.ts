import express, { type RequestHandler } from 'express';
import { problem, sendProblem } from './problem';

const JSON_TYPE = /^application\/(?:[\w.+-]{1,100}\+)?json(?=;|\s|$)/i;

/**
 * Reads a JSON body of at most `limit` bytes. Another content type is refused with 415, something that is not JSON with 400,
 * too much with 413. A request without any body counts as `{}` where `optional` says so, and is a 400 elsewhere.
 */
export function jsonBody(options: { readonly limit: number; readonly optional?: boolean }): RequestHandler {
  const parse = express.json({ limit: options.limit, type: () => true, strict: true });
  return (request, response, next) => {
    const { 'content-type': type, 'content-length': length, 'transfer-encoding': chunked } = request.headers;
    if (chunked === undefined && (length === undefined || length === '0')) {
      if (options.optional) {
        request.body = {};
        next();
      } else sendProblem(response, problem(400, 'The body is empty; it must be JSON.'));
    } else if (type === undefined || !JSON_TYPE.test(type)) {
      sendProblem(response, problem(415, 'The body must be JSON in UTF-8: content-type application/json.'));
    } else {
      parse(request, response, next);
    }
  };
}

/** Whether a parsed body is a JSON object, which every call but the batch wants. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
