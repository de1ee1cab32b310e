import type { Response } from 'express';

/** Sends a JSON body without the entity tag that Express would hash for it. */
export function sendJson(response: Response, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(body));
}
