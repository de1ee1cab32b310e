import { Readable } from 'node:stream';
import { discardBody, LARGEST_ANSWER_BYTES } from './discard-body';

const never = new AbortController().signal;

/** A body of so many chunks of 1 KiB, and how many of them were asked for. */
function body(chunks: number) {
  const seen = { asked: 0 };
  function* content() {
    for (; seen.asked < chunks; seen.asked++) yield Buffer.alloc(1024);
  }
  return { seen, stream: Readable.from(content(), { objectMode: false, highWaterMark: 1024 }) };
}

describe('the body of an answer', () => {
  it('is read to its end', async () => {
    const { seen, stream } = body(64);
    await discardBody(stream, never);
    expect([seen.asked, stream.readableEnded]).toEqual([64, true]);
  });

  it('is not read on when it is too long', async () => {
    const { seen, stream } = body(1_000_000);
    await discardBody(stream, never);
    expect(stream.destroyed).toBe(true);
    // What lies in the stream's own buffer comes on top.
    expect(seen.asked * 1024).toBeLessThanOrEqual(LARGEST_ANSWER_BYTES + 4 * 1024);
  });

  it('may break off', async () => {
    const stream = new Readable({ read: () => void stream.destroy(new Error('reset')) });
    await expect(discardBody(stream, never)).resolves.toBeUndefined();
  });

  it('is given up when time is over, also if it was over before', async () => {
    const deadline = new AbortController();
    const silent = () => new Readable({ read: () => undefined });
    const stream = silent();
    const discarded = discardBody(stream, deadline.signal);
    deadline.abort();
    await discarded;
    const late = silent();
    await discardBody(late, deadline.signal);
    expect([stream.destroyed, late.destroyed]).toEqual([true, true]);
  });
});
