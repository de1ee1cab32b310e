import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { eventLoopTurn } from '@smart-support/pipeline';
import type { Response } from 'express';

/** Characters of a long answer that leave at a time. */
const PIECE = 64 * 1024;

/** Sends a JSON body without the entity tag that Express would hash for it. */
export function sendJson(response: Response, status: number, body: unknown): void {
  begin(response, status);
  response.end(JSON.stringify(body));
}

/**
 * Sends a JSON object with one list, whose items are JSON already. One that is long leaves in pieces, as fast as the client reads: in one piece, a hundred
 * tickets of full length would keep every other request waiting for some 100 ms.
 */
export async function sendJsonList(
  response: Response,
  status: number,
  name: string,
  items: readonly string[],
): Promise<void> {
  begin(response, status);
  const pieces = piecesOf(`{"${name}":[`, items, ']}');
  if (pieces.length === 1) {
    response.end(pieces[0]);
    return;
  }
  try {
    await pipeline(Readable.from(inTurns(pieces)), response);
  } catch (error) {
    // A client that left wants no more of it.
    if (!response.destroyed) throw error;
  }
}

function begin(response: Response, status: number): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
}

function piecesOf(start: string, items: readonly string[], end: string): string[] {
  const pieces: string[] = [];
  let piece = start;
  items.forEach((item, index) => {
    if (piece.length >= PIECE) {
      pieces.push(piece);
      piece = '';
    }
    piece += index === 0 ? item : `,${item}`;
  });
  return [...pieces, piece + end];
}

async function* inTurns(pieces: readonly string[]): AsyncGenerator<string> {
  for (const piece of pieces) {
    await eventLoopTurn('batch');
    yield piece;
  }
}
