import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { HttpProblem, MALFORMED, TOO_LARGE, UNSUPPORTED } from './problem';

/** The bytes of bodies that are read, parsed or, if they are batches, worked on at one time. All requests of a kind share them; no caller has a part of its own. */
export class BodyBudget {
  private used = 0;

  /** @param most - bytes, after decompression */
  constructor(private readonly most: number) {}

  /** @throws HttpProblem 503 if there are not so many left */
  reserve(bytes: number): void {
    if (this.used + bytes > this.most) {
      throw new HttpProblem(503, 'Too many large bodies arrive at this moment.', { retryAfter: 1 });
    }
    this.used += bytes;
  }

  /** Gives back what was reserved. */
  release(bytes: number): void {
    this.used -= bytes;
  }
}

/** How a body is read. */
export interface ReadOptions {
  /** Most bytes, after decompression. */
  readonly limit: number;
  readonly budget: BodyBudget;
  /** Looks at every piece as it arrives; throws to refuse the rest. */
  readonly onChunk: (chunk: Buffer) => void;
}

/** A body, and the function that releases its share of the budget. */
export interface BodyRead {
  readonly body: Buffer;
  readonly release: () => void;
}

/**
 * Reads a body, decompressed, and stops at the first byte too many. Of one that is refused the rest is not read: the connection is cut off
 * after the answer.
 * @throws HttpProblem 400, 413, 415, 503, and the errors of `onChunk`
 */
export function readBody(request: IncomingMessage, { limit, budget, onChunk }: ReadOptions): Promise<BodyRead> {
  return new Promise((resolve, reject) => {
    const decoder = decoderFor(request.headers['content-encoding']);
    if (!decoder && Number(request.headers['content-length'] ?? 0) > limit) throw new HttpProblem(413, TOO_LARGE);
    const source: Readable = decoder ?? request;
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isSettled = false;
    const release = (): void => budget.release(bytes);

    const settle = (): void => {
      isSettled = true;
      // The request, and what listens to it, may live for as long as its answer is not read.
      chunks.length = 0;
      source.off('data', take).off('end', done);
      request.off('close', abort);
      if (decoder) request.unpipe(decoder);
      decoder?.destroy();
    };
    const refuse = (error: unknown): void => {
      if (isSettled) return;
      settle();
      // What is left of the body stays where it is.
      request.pause();
      release();
      reject(error instanceof HttpProblem ? error : new HttpProblem(400, MALFORMED));
    };
    const take = (chunk: Buffer): void => {
      try {
        if (bytes + chunk.length > limit) throw new HttpProblem(413, TOO_LARGE);
        budget.reserve(chunk.length);
        bytes += chunk.length;
        onChunk(chunk);
        chunks.push(chunk);
      } catch (error) {
        refuse(error);
      }
    };
    const done = (): void => {
      const body = Buffer.concat(chunks, bytes);
      settle();
      // The last bytes of its framing may still be under way.
      request.resume();
      resolve({ body, release });
    };
    /** The decoder may still be at work on a body that has arrived. */
    const abort = (): void => {
      if (!request.complete) refuse(undefined);
    };

    source.on('data', take).on('end', done).on('error', refuse);
    request.once('close', abort);
    if (decoder) request.on('error', refuse).pipe(decoder);
  });
}

/** What decompresses a body; `undefined` for a plain one. @throws HttpProblem 415 */
function decoderFor(encoding = 'identity'): Transform | undefined {
  switch (encoding.toLowerCase()) {
    case 'identity':
      return undefined;
    case 'gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new HttpProblem(415, UNSUPPORTED);
  }
}
