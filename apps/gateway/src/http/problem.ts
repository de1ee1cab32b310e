import { type ErrorCode, type InputIssue, isSmartSupportError } from '@smart-support/contracts';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';

/** An answer that is not the one asked for: RFC 9457, with the validation's issues as `errors`. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly InputIssue[];
  /** Whole seconds after which trying again makes sense: the `Retry-After` header, and `retry_after_seconds` in the body, where one of several results has no header. */
  readonly retryAfter?: number;
  /** The `WWW-Authenticate` header of a 401. */
  readonly challenge?: string;
  /** The ticket the problem is about, where the client needs it to try again. */
  readonly ticketId?: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** What a body must be. */
export const UNSUPPORTED =
  'The body must be JSON in UTF-8: content-type application/json, plain or compressed with gzip, deflate or br.';

/** A body that cannot be read. */
export const MALFORMED = 'The request could not be read: the body must be valid JSON and the path well encoded.';

/** A body of too many bytes. */
export const TOO_LARGE = 'The body is larger than this call takes.';

/** The one place where our error codes become HTTP. */
const STATUS_OF_CODE: Readonly<Record<ErrorCode, number>> = {
  invalid_input: 422,
  invalid_config: 500,
  invalid_model: 500,
  model_failed: 500,
  overloaded: 503,
  not_found: 404,
  transition_not_allowed: 409,
  lease_lost: 409,
  incident_changed: 409,
  closed: 503,
  unavailable: 503,
  outcome_unknown: 503,
  corrupt: 500,
  internal: 500,
};

/** Makes a problem of a status and a sentence. */
export function problem(status: number, detail: string, more: Partial<Problem> = {}): Problem {
  return { status, title: TITLES[status] ?? 'Error', detail, ...more };
}

/** Thrown where a request cannot be answered as asked; the last handler sends it. */
export class HttpProblem extends Error {
  readonly problem: Problem;

  constructor(status: number, detail: string, more: Partial<Problem> = {}) {
    super(detail);
    this.name = 'HttpProblem';
    this.problem = problem(status, detail, more);
  }
}

/** The JSON body of a problem. */
export function problemBody(
  { status, title, detail, errors, ticketId, retryAfter }: Problem,
  instance?: string,
): object {
  return {
    type: 'about:blank',
    title,
    status,
    detail,
    ...(instance === undefined ? {} : { instance }),
    ...(errors && errors.length > 0 ? { errors } : {}),
    ...(ticketId === undefined ? {} : { ticket_id: ticketId }),
    ...(retryAfter === undefined ? {} : { retry_after_seconds: retryAfter }),
  };
}

/** Sends a problem as `application/problem+json`. A body that has not arrived yet is not waited for: the connection ends. */
export function sendProblem(response: Response, trouble: Problem): void {
  // A body that is still on its way would be read to its end. Of a request without one Node says only later that it is complete.
  if (!response.req.complete && mayHaveBody(response.req)) response.set('Connection', 'close');
  if (trouble.retryAfter !== undefined) response.set('Retry-After', String(trouble.retryAfter));
  if (trouble.challenge !== undefined) response.set('WWW-Authenticate', trouble.challenge);
  response
    .status(trouble.status)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(trouble, response.req.path)));
}

function mayHaveBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

/**
 * The problem for a thrown value. Internal errors reveal nothing: the details go to the log.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof HttpProblem) return error.problem;
  if (isSmartSupportError(error)) {
    const status = STATUS_OF_CODE[error.code];
    if (status === 500) return problem(500, 'Something went wrong on our side.');
    return problem(status, error.message, {
      errors: error.issues,
      ...(status === 503 ? { retryAfter: 1 } : {}),
    });
  }
  return problemOfRequest(error) ?? problem(500, 'Something went wrong on our side.');
}

/** Express marks the client's mistakes with a status of their own; its messages may quote what was sent, so they are replaced. */
function problemOfRequest(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  return error.status === 400 ? problem(400, MALFORMED) : undefined;
}

/** Answers every path that no route answers. */
export const notFound: RequestHandler = (_request, response) => {
  sendProblem(response, problem(404, 'There is nothing at this path.'));
};

/** Answers the other methods of a path that exists. */
export function methodNotAllowed(...allowed: string[]): RequestHandler {
  return (_request, response) => {
    response.set('Allow', allowed.join(', '));
    sendProblem(response, problem(405, `This path takes ${allowed.join(', ')}.`));
  };
}

/** The last handler: turns an error into a problem, and logs internal ones. */
export function errorHandler(onFault: (error: unknown) => void): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const trouble = problemOf(error);
    if (trouble.status === 500) onFault(error);
    if (response.headersSent) next(error);
    else sendProblem(response, trouble);
  };
}
