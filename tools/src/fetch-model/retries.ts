import { FetchFailed, TryAgain } from './errors';

/** How often something is tried, and how the time between is spent. */
export interface Patience {
  /** At least 1. */
  readonly tries: number;
  /** Waits before the next try. `failures` counts from 1. */
  wait(failures: number): Promise<void>;
}

/**
 * Does the work again as long as it fails with {@link TryAgain} and patience lasts.
 * @param what - begins the sentence of the error
 * @throws FetchFailed when the last try failed too; any other error at once
 */
export async function withRetries<Result>(
  what: string,
  patience: Patience,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error;
      if (failures >= patience.tries)
        throw new FetchFailed(`${what}: ${error.message}; given up after ${failures} tries.`, { cause: error });
    }
    await patience.wait(failures);
  }
}
