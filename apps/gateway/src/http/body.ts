import express, { type RequestHandler } from 'express';
import { HttpProblem, UNSUPPORTED } from './problem';

const JSON_TYPE = /^application\/(?:[\w.+-]{1,100}\+)?json(?=;|\s|$)/i;
const CHARSET = /;\s{0,20}charset\s{0,20}=(?<charset>[^;]{0,60})/gi;
/** UTF-8 as clients write it, and ASCII, which is a part of it; nothing behind `charset=` says nothing. */
const UTF_8 = /^(?:utf[-_]?8|us-ascii|ascii)?$/i;

/**
 * Reads a JSON body of at most `limit` bytes. Another content type is refused with 415, something that is not JSON with 400,
 * too much with 413. An empty body counts as `{}` where `optional` says so, and is a 400 elsewhere.
 */
export function jsonBody(options: { readonly limit: number; readonly optional?: boolean }): RequestHandler {
  const parse = express.json({
    limit: options.limit,
    type: () => true,
    strict: true,
    verify: (_request, _response, body) => {
      if (body.length === 0 && !options.optional) throw new HttpProblem(400, 'The body is empty; it must be JSON.');
    },
  });
  return (request, response, next) => {
    const { 'content-type': type, 'content-length': length, 'transfer-encoding': chunked } = request.headers;
    if (chunked === undefined && Number(length ?? 0) === 0) {
      if (!options.optional) throw new HttpProblem(400, 'The body is empty; it must be JSON.');
      request.body = {};
      next();
    } else if (isJsonType(type) || (type === undefined && options.optional)) {
      // The parser would refuse other spellings of UTF-8, and look at one charset where several are given.
      request.headers['content-type'] = 'application/json';
      parse(request, response, next);
    } else {
      throw new HttpProblem(415, UNSUPPORTED);
    }
  };
}

function isJsonType(type: string | undefined): boolean {
  if (type === undefined || !JSON_TYPE.test(type)) return false;
  return [...type.matchAll(CHARSET)].every(({ groups }) => UTF_8.test(unquoted(groups?.['charset'] ?? '')));
}

function unquoted(value: string): string {
  const text = value.trim();
  const [first = ''] = text;
  return text.length > 1 && /["']/.test(first) && text.endsWith(first) ? text.slice(1, -1).trim() : text;
}

/** Whether a parsed body is a JSON object, which every call but the batch wants. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
