import type { Readable } from 'node:stream';

/** Most that is read of an answer's body, in bytes. */
export const LARGEST_ANSWER_BYTES = 64 * 1024;

/**
 * Reads a body to its end and throws it away, so that the connection can be used again. One that is too long, breaks off or is not
 * over when the signal aborts is given up together with its connection. Never rejects: the status alone decides the outcome.
 */
export async function discardBody(body: Readable, signal: AbortSignal): Promise<void> {
  const giveUp = (): void => void body.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // Leaving the loop destroys the stream.
      if (bytes > LARGEST_ANSWER_BYTES) break;
    }
  } catch {
    // Broken off; the body is not needed.
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
