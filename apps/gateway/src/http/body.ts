import { MAX_BATCH_BYTES, MAX_BATCH_TICKETS, MAX_BODY_BYTES } from '@smart-support/contracts';
import { eventLoopTurn } from '@smart-support/pipeline';
import type { Request, RequestHandler } from 'express';
import { JsonOutline } from './json-outline';
import { HttpProblem, MALFORMED, UNSUPPORTED } from './problem';
import { BodyBudget, type BodyRead, readBody } from './read-body';

const JSON_TYPE = /^application\/(?:[\w.+-]{1,100}\+)?json(?=;|\s|$)/i;
const CHARSET = /;\s{0,20}charset\s{0,20}=(?<charset>[^;]{0,60})/gi;
/** UTF-8 as clients write it, and ASCII, which is a part of it; an empty `charset=` is ignored. */
const UTF_8 = /^(?:utf[-_]?8|us-ascii|ascii)?$/i;

/** 256 bodies of 64 KiB at once, of all callers together. */
const bodies = new BodyBudget(16 * 1024 * 1024);

/** Those of webhooks, which are read before it is known who sent them: they have a separate budget, so that strangers block no caller with a key. */
const webhooks = new BodyBudget(16 * 1024 * 1024);

/** Eight of the largest batches, from their first byte until they are worked on. They have a separate budget, so that they block no single ticket. */
const batches = new BodyBudget(64 * 1024 * 1024);

/**
 * Reads a JSON body of at most `limit` bytes into `request.body`. Another content type is refused with 415, something that is not JSON with 400,
 * too much with 413. An empty body counts as `{}` where `optional` says so, and is a 400 elsewhere.
 */
export function jsonBody(options: { readonly limit: number; readonly optional?: boolean }): RequestHandler {
  const { limit, optional = false } = options;
  return async (request, _response, next) => {
    if (isEmpty(request)) {
      request.body = emptyBody(optional);
    } else {
      const { body, release } = await readJson(request, limit, bodies, optional);
      try {
        request.body = body.length === 0 ? emptyBody(optional) : parsed(body);
      } finally {
        release();
      }
    }
    next();
  };
}

/**
 * Reads the body of a webhook and parses it once its sender is known. Refuses what {@link jsonBody} refuses.
 * @param limit - most bytes, after decompression
 * @param check - looks at the bytes as they were sent; throws to refuse them
 */
export async function readWebhook(
  request: Request,
  limit: number,
  check: (body: Buffer) => Promise<void>,
): Promise<unknown> {
  if (isEmpty(request)) emptyBody(false);
  const { body, release } = await readJson(request, limit, webhooks);
  try {
    await check(body);
    return parsed(body);
  } finally {
    release();
  }
}

/** The bytes of a JSON body whose sizes are within the limits, not parsed yet. */
async function readJson(request: Request, limit: number, budget: BodyBudget, mayLackType = false): Promise<BodyRead> {
  if (!isJsonType(request.headers['content-type'], mayLackType)) throw new HttpProblem(415, UNSUPPORTED);
  const outline = new JsonOutline();
  return readBody(request, { limit, budget, onChunk: (chunk) => outline.write(chunk) });
}

/** Releases the share of the budget that the body of a batch takes. */
const RELEASE = Symbol('release');

interface WithBatch extends Request {
  [RELEASE]?: (() => void) | undefined;
}

/** Releases the body of a batch before its call is over, since the caller may read the answer slowly. Call it once, after the last use of the body. */
export function releaseBatch(request: WithBatch): void {
  request.body = undefined;
  request[RELEASE]?.();
  request[RELEASE] = undefined;
}

/**
 * Reads the array of a batch into `request.body`, to be released by {@link releaseBatch}: each element as it was parsed, or the {@link HttpProblem} for which it is
 * refused. Elements are parsed in turns of the event loop, since a body may have 8 MiB. Refuses what {@link jsonBody} refuses, and more elements than a batch has.
 */
export const batchBody: RequestHandler = async (request: WithBatch, _response, next) => {
  if (isEmpty(request)) emptyBody(false);
  if (!isJsonType(request.headers['content-type'], false)) throw new HttpProblem(415, UNSUPPORTED);
  const outline = new JsonOutline({ elements: MAX_BATCH_TICKETS, elementBytes: MAX_BODY_BYTES });
  const { body, release } = await readBody(request, {
    limit: MAX_BATCH_BYTES,
    budget: batches,
    onChunk: (chunk) => outline.write(chunk),
  });
  request[RELEASE] = release;
  try {
    if (body.length === 0) emptyBody(false);
    outline.end();
    const items: unknown[] = [];
    for (const { start, end, refusal } of outline.elements) {
      await eventLoopTurn('batch');
      items.push(refusal ?? parseJson(body.toString('utf8', start, end)));
    }
    request.body = items;
  } catch (error) {
    releaseBatch(request);
    throw error;
  }
  next();
};

function isEmpty({ headers }: Request): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}

/** @throws HttpProblem 400 unless a body is optional */
function emptyBody(optional: boolean): object {
  if (!optional) throw new HttpProblem(400, 'The body is empty; it must be JSON.');
  return {};
}

/** @throws HttpProblem 400 unless it is an object or an array */
function parsed(body: Buffer): unknown {
  const value = parseJson(body.toString('utf8').replace(/^\uFEFF/, ''));
  if (typeof value !== 'object' || value === null) throw new HttpProblem(400, MALFORMED);
  return value;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // What the parser says quotes the text.
    throw new HttpProblem(400, MALFORMED);
  }
}

/** @param whenMissing - what a body without a content type counts as */
function isJsonType(type: string | undefined, whenMissing: boolean): boolean {
  if (type === undefined) return whenMissing;
  if (!JSON_TYPE.test(type)) return false;
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
