import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getHeapStatistics } from 'node:v8';
import { eventLoopTurn } from '@smart-support/pipeline';
import type { Response } from 'express';
import { UnsentAnswers } from './unsent-answers';

/** Characters of a long answer that leave at a time. */
const PIECE = 64 * 1024;

/** From this length on, in characters, an answer is counted while it waits for its caller. Shorter ones are bounded by the number of connections. */
const COUNTED = 4 * 1024;

/** Of the heap that the process may have, and at least five of the largest answers; a character takes one byte or two. */
const UNSENT_SHARE = 1 / 8;
const LEAST_UNSENT = 32 * 1024 * 1024;

const unsent = new UnsentAnswers(Math.max(LEAST_UNSENT, getHeapStatistics().heap_size_limit * UNSENT_SHARE));

/** Sends a JSON body without the entity tag that Express would hash for it. */
export function sendJson(response: Response, status: number, body: unknown): void {
  begin(response, status);
  end(response, JSON.stringify(body));
}

/**
 * Sends a JSON object with one list and the fields after it. A long one leaves in pieces, as fast as the client reads, and is written in turns
 * of the event loop: at once, a hundred tickets of full length would keep every other request waiting for some 100 ms.
 * @param items - what the list has, see {@link sendJsonList} for one whose items are JSON already
 * @param more - other fields of the object
 */
export async function sendList(
  response: Response,
  status: number,
  name: string,
  items: readonly unknown[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const list: string[] = [];
  for (const item of items) {
    await eventLoopTurn('batch');
    list.push(JSON.stringify(item));
  }
  await sendJsonList(response, status, name, list, more);
}

/** The same of items that are JSON already. */
export async function sendJsonList(
  response: Response,
  status: number,
  name: string,
  items: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  begin(response, status);
  const pieces = piecesOf(`{"${name}":[`, items, `]${membersOf(more)}}`);
  const [only, ...others] = pieces;
  if (only !== undefined && others.length === 0) {
    end(response, only);
    return;
  }
  unsent.add(
    response,
    pieces.reduce((sum, { length }) => sum + length, 0),
  );
  try {
    await pipeline(Readable.from(inTurns(pieces, () => unsent.noteProgress(response))), response);
  } catch (error) {
    // A client that left wants no more of it.
    if (!response.destroyed) throw error;
  }
}

function begin(response: Response, status: number): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
}

function end(response: Response, body: string): void {
  if (body.length >= COUNTED) unsent.add(response, body.length);
  response.end(body);
}

/** Fields of an object that stand behind others. */
function membersOf(more: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(more).slice(1, -1);
  return json === '' ? '' : `,${json}`;
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

/** Keeps no piece that has left. */
async function* inTurns(pieces: string[], onNext: () => void): AsyncGenerator<string> {
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
    await eventLoopTurn('batch');
    onNext();
    yield piece;
  }
}
