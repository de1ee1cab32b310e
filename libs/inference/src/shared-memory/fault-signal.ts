/**
 * Ends a rehearsed delay before its time. A thread that is being delayed reads no messages, so it listens to a word of memory that
 * it shares with its owner.
 */
export class FaultSignal {
  private readonly word: Int32Array;

  /** @param shared - by default memory for a new bell, which nobody has rung yet */
  constructor(readonly shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.word = new Int32Array(shared);
  }

  /** Called by the owner: no delay is kept any more. */
  ring(): void {
    Atomics.store(this.word, 0, 1);
    Atomics.notify(this.word, 0);
  }

  /** Called by the thread: stands still for so many milliseconds, or until the bell rings. */
  standStill(milliseconds: number): void {
    Atomics.wait(this.word, 0, 0, milliseconds);
  }
}
