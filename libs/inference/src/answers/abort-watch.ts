/**
 * Calls back when signals abort. Thousands of calls may share one signal, on which this is a single listener:
 * Node warns of a leak from the eleventh on.
 */
export class AbortWatch {
  private readonly callbacks = new Map<AbortSignal, Set<() => void>>();

  /**
   * Calls back once when a signal aborts that has not done so yet.
   * @returns ends the watch; calling it late or twice is harmless
   */
  watch(signal: AbortSignal, callback: () => void): () => void {
    let callbacks = this.callbacks.get(signal);
    if (!callbacks) {
      callbacks = new Set();
      this.callbacks.set(signal, callbacks);
      signal.addEventListener('abort', this.aborted);
    }
    const watched = callbacks.add(callback);
    return () => {
      if (watched.delete(callback) && watched.size === 0) this.forget(signal);
    };
  }

  private readonly aborted = ({ target }: Event): void => {
    const signal = target as AbortSignal;
    const callbacks = [...(this.callbacks.get(signal) ?? [])];
    this.forget(signal);
    for (const callback of callbacks) callback();
  };

  private forget(signal: AbortSignal): void {
    this.callbacks.delete(signal);
    signal.removeEventListener('abort', this.aborted);
  }
}
