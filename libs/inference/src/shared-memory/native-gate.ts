const OUTSIDE = 0;
const INSIDE = 1;
const CONDEMNED = 2;

/**
 * Shows other threads whether a thread is inside native code.
 * Terminating a thread in the middle of an onnxruntime call aborts the whole process (seen with 1.30 on Node 20: an uncaught
 * `Napi::Error`), while one that runs JavaScript can be terminated safely. A condemned thread cannot enter native code any more.
 */
export class NativeGate {
  private readonly state: Int32Array;

  /** @param shared - memory made by {@link NativeGate.memory} */
  constructor(shared: SharedArrayBuffer) {
    this.state = new Int32Array(shared);
  }

  /** Memory for a thread that counts as inside until it says otherwise: it begins by loading native code. */
  static memory(): SharedArrayBuffer {
    const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    Atomics.store(new Int32Array(shared), 0, INSIDE);
    return shared;
  }

  /** Called by the thread before native code. @throws Error if the thread is condemned */
  enter(): void {
    if (Atomics.compareExchange(this.state, 0, OUTSIDE, INSIDE) === CONDEMNED)
      throw new Error('This thread is condemned');
  }

  /** Called by the thread after native code. */
  leave(): void {
    Atomics.store(this.state, 0, OUTSIDE);
  }

  /** Called by the owner. Returns whether the thread may be terminated: it is outside and will stay there. */
  condemn(): boolean {
    return Atomics.compareExchange(this.state, 0, OUTSIDE, CONDEMNED) !== INSIDE;
  }
}
