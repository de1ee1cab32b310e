let thisTurn: Promise<void> | undefined;

/**
 * Resolves when the event loop has read everything that is there to be read now, for all who wait at the same time.
 * Requests that arrive together then go through each stage together: the models' tables and code are fetched into the
 * processor's caches once for all of them instead of once for each, and their offers share a command to Redis. Alone, a request waits microseconds.
 */
export function eventLoopTurn(): Promise<void> {
  thisTurn ??= new Promise((resolve) => {
    setImmediate(() => {
      thisTurn = undefined;
      resolve();
    });
  });
  return thisTurn;
}
