import { SmartSupportError } from '@smart-support/contracts';

interface Call<Item, Result> {
  readonly items: readonly Item[];
  readonly resolve: (results: Result[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends calls of one callback and its promises in one command, so that under load one round trip carries many.
 * A call is never split, so that one error applies to one command: of two, the first may have been carried out.
 */
export class Batcher<Item, Result> {
  private calls: Call<Item, Result>[] = [];
  private items = 0;

  /**
   * @param run - one command for several items; one result each, in order
   * @param flushAt - number of items at which a command leaves at once: the store works on it while this process prepares the next
   */
  constructor(
    private readonly run: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly flushAt: number,
  ) {}

  /** Sends items together with those of other calls. */
  sendBatched(items: readonly Item[]): Promise<Result[]> {
    return new Promise((resolve, reject) => {
      // After all promises that this callback settles. Other callbacks are not waited for.
      if (this.calls.length === 0) process.nextTick(() => this.flush());
      this.calls.push({ items, resolve, reject });
      this.items += items.length;
      if (this.items >= this.flushAt) this.flush();
    });
  }

  private flush(): void {
    const { calls } = this;
    if (calls.length === 0) return;
    this.calls = [];
    this.items = 0;
    void this.send(calls);
  }

  private async send(calls: readonly Call<Item, Result>[]): Promise<void> {
    try {
      const items = calls.flatMap((call) => call.items);
      const results = await this.run(items);
      if (results.length < items.length)
        throw new SmartSupportError('internal', 'The reply of the store lacks a result');
      let start = 0;
      for (const call of calls) {
        call.resolve(results.slice(start, start + call.items.length));
        start += call.items.length;
      }
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  }
}
