/**
 * Processes all items in their order with a limited concurrency.
 * @param concurrency - items in progress at a time, at least 1
 * @throws the first error of the work; no item is started after it, and items in progress are not awaited
 */
export async function inFlight<Item>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    try {
      for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
    } catch (error) {
      next = items.length;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

/**
 * Items per second of one whole pass. Texts differ in length by a factor of ten: only whole passes over the same texts
 * can be compared.
 * @param items - number of items in the pass
 */
export async function passRate(items: number, pass: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await pass();
  return (items * 1000) / (performance.now() - start);
}
