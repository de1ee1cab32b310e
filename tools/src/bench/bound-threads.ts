import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BoundSettings, ToBoundThread } from './bound-thread';

/** Threads that only call onnxruntime: the upper bound of a pool with as many threads. */
export class BoundThreads {
  private constructor(
    private readonly workers: readonly Worker[],
    private readonly gone: Promise<unknown>,
    private readonly next: Int32Array,
  ) {}

  /** Starts the threads. Resolves when every one has loaded the network. */
  static async open(file: string, tokens: readonly (readonly number[])[], threads: number): Promise<BoundThreads> {
    const next = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const settings: BoundSettings = { file, tokens, next };
    const workers = Array.from(
      { length: threads },
      () => new Worker(join(__dirname, 'bound-thread.js'), { workerData: settings }),
    );
    const gone = Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))));
    const threadsOfBound = new BoundThreads(workers, gone, new Int32Array(next));
    try {
      await Promise.all(workers.map((worker) => once(worker, 'message')));
      return threadsOfBound;
    } catch (error) {
      await threadsOfBound.close();
      throw error;
    }
  }

  /** Runs every text once, one text per run. */
  async pass(): Promise<void> {
    Atomics.store(this.next, 0, 0);
    const done = this.workers.map((worker) => once(worker, 'message'));
    this.broadcast('pass');
    await Promise.all(done);
  }

  /** Ends the threads; not while a pass is running. */
  async close(): Promise<void> {
    this.broadcast('close');
    await this.gone;
  }

  private broadcast(message: ToBoundThread): void {
    for (const worker of this.workers) worker.postMessage(message);
  }
}
