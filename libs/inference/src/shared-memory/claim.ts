/**
 * Decides whether a busy thread runs a text that it was sent ahead, or its owner reclaims it: the first side to acquire the claim,
 * a word of memory that both share, has the text. Each text has its own word, because the next one may be sent before the thread
 * has come to this one.
 */
export class Claim {
  private readonly word: Int32Array;

  /** @param shared - by default new memory, for a claim that is free */
  constructor(readonly shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.word = new Int32Array(shared);
  }

  /** Called by either side. Returns whether the caller is the first and has the text. */
  tryAcquire(): boolean {
    return Atomics.compareExchange(this.word, 0, 0, 1) === 0;
  }
}
