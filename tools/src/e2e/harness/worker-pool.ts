import { type AppLaunch, AppProcess } from './app-process';

/** The log line of a worker that takes tickets. */
const READY = 'ready';

interface Post {
  process: AppProcess;
  isReady: boolean;
}

/** A fixed number of workers: a killed one is replaced at once. */
export class WorkerPool {
  private readonly posts: Post[] = [];
  private ended = false;
  private trouble: unknown;

  /** @param launchOf - how to start the worker with this number, from 0 */
  constructor(
    private readonly count: number,
    private readonly launchOf: (index: number) => AppLaunch,
  ) {}

  /** Starts all. @param wait - whether to wait until they take tickets, which without Redis they may not */
  async startAll({ wait }: { readonly wait: boolean }): Promise<void> {
    const starts = Array.from({ length: this.count }, (_, index) => this.startWorker(index));
    if (wait) await Promise.all(starts);
    else for (const start of starts) start.catch((error: unknown) => (this.trouble = error));
  }

  /** The fixed number of workers. */
  get size(): number {
    return this.count;
  }

  /** Workers that take tickets now. */
  get readyCount(): number {
    return this.posts.filter(({ process, isReady }) => isReady && process.isRunning).length;
  }

  /** @throws the error of a worker that could not start */
  throwIfFailed(): void {
    if (this.trouble) throw this.trouble;
  }

  /**
   * SIGKILL to a worker that takes tickets; another one takes its place at once.
   * @param wanted - which, from 0; the next one that takes tickets, if it does not
   * @param isMoment - whether to kill the worker with this number in its present state; it is stopped meanwhile, and continues if not
   * @returns false if there is none, or it was not the moment
   */
  async killWorker(wanted: number, isMoment?: (index: number) => Promise<boolean>): Promise<boolean> {
    const index = this.readyFrom(wanted);
    const process = index === undefined ? undefined : this.posts[index]?.process;
    if (index === undefined || !process) return false;
    if (isMoment) {
      process.pause();
      if (!(await isMoment(index))) {
        process.resume();
        return false;
      }
    }
    await process.kill();
    this.startWorker(index).catch((error: unknown) => (this.trouble = error));
    return true;
  }

  /** SIGSTOP to a worker that takes tickets, and SIGCONT after a time unless it was killed meanwhile. @returns false if there is none */
  pauseWorker(wanted: number, forMs: number): boolean {
    const index = this.readyFrom(wanted);
    const process = index === undefined ? undefined : this.posts[index]?.process;
    if (!process) return false;
    process.pause();
    setTimeout(() => process.resume(), forMs).unref();
    return true;
  }

  /** SIGKILL to all, without replacement. */
  async killAll(): Promise<void> {
    this.ended = true;
    await Promise.all(this.posts.map(({ process }) => process.kill()));
  }

  private readyFrom(wanted: number): number | undefined {
    const order = Array.from({ length: this.count }, (_, offset) => (wanted + offset) % this.count);
    return order.find((index) => {
      const post = this.posts[index];
      return post !== undefined && post.isReady && post.process.isRunning;
    });
  }

  private async startWorker(index: number): Promise<void> {
    if (this.ended) return;
    const post: Post = { process: AppProcess.start(this.launchOf(index)), isReady: false };
    this.posts[index] = post;
    post.isReady = await post.process.waitForLog(READY);
  }
}
