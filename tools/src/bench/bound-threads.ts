import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BoundSettings, ToBoundThread } from './bound-thread';

/** Threads that call onnxruntime and do nothing else: the most that a pool of as many threads could reach. */
export class BoundThreads {
  private constructor(
    private readonly workers: readonly Worker[],
    private readonly gone: Promise<unknown>,
    private readonly next: Int32Array,
  ) {}

  /** Resolves when every thread has loaded the network. */
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
    this.tell('pass');
    await Promise.all(done);
  }

  /** Call only when no pass is under way. */
  async close(): Promise<void> {
    this.tell('leave');
    await this.gone;
  }

  private tell(message: ToBoundThread): void {
    for (const worker of this.workers) worker.postMessage(message);
  }
}
