/**
 * Works through all items in their order, so many at a time: as soon as one is done the next one starts.
 * @param atOnce - how many are in work together, at least 1
 * @throws the first error of the work; what was started before is left to finish by itself, nothing more is started
 */
export async function inFlight<Item>(
  items: readonly Item[],
  atOnce: number,
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
  await Promise.all(Array.from({ length: atOnce }, lane));
}

/**
 * Items a second over one whole pass. Texts differ in length by a factor of ten: only whole passes over the same texts
 * can be compared.
 * @param items - how many the pass gets through
 */
export async function passRate(items: number, pass: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await pass();
  return (items * 1000) / (performance.now() - start);
}
