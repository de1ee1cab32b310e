/**
 * Ends an injected delay early. A delayed thread reads no messages, so it waits on a word of memory that it shares with its owner.
 */
export class FaultSignal {
  private readonly word: Int32Array;

  /** @param shared - by default new memory, for a signal that is not set */
  constructor(readonly shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.word = new Int32Array(shared);
  }

  /** Called by the owner: ends the present delay and all later ones. */
  interruptDelay(): void {
    Atomics.store(this.word, 0, 1);
    Atomics.notify(this.word, 0);
  }

  /** Called by the thread: blocks it for so many milliseconds, or until the owner interrupts. */
  blockThread(milliseconds: number): void {
    Atomics.wait(this.word, 0, 0, milliseconds);
  }
}
