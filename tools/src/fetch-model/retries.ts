import { FetchFailed, TryAgain } from './errors';

/** Number of attempts, and the wait between them. */
export interface Patience {
  /** At least 1. */
  readonly tries: number;
  /** Waits before the next try. `failures` counts from 1. */
  wait(failures: number): Promise<void>;
}

/**
 * Repeats the work while it fails with {@link TryAgain}, up to the number of attempts.
 * @param what - subject of the error message
 * @throws FetchFailed when the last attempt fails; any other error at once
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
        throw new FetchFailed(`${what}: ${error.message}; given up after ${failures} attempts.`, { cause: error });
    }
    await patience.wait(failures);
  }
}
