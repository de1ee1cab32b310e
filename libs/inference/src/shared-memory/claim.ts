/**
 * Settles who has a text that a busy thread was handed ahead: the thread, which runs it, or the owner, who takes it back.
 * It is a word of memory that both share; whoever claims it first has the text. Each text has a word of its own,
 * because the next one may be handed over before the thread has come to this one.
 */
export class Claim {
  private readonly word: Int32Array;

  /** @param shared - by default memory for a new claim, which nobody has laid yet */
  constructor(readonly shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.word = new Int32Array(shared);
  }

  /** Called by either side. Returns whether it was the first, and has the text. */
  lay(): boolean {
    return Atomics.compareExchange(this.word, 0, 0, 1) === 0;
  }
}
