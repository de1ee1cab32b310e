import fc from 'fast-check';
import { inFlight } from './whole-passes';

/** Work that the test finishes, item by item. */
function manualWork() {
  const started: string[] = [];
  const finish: ((error?: Error) => void)[] = [];
  const work = (item: string): Promise<void> =>
    new Promise((resolve, reject) => {
      started.push(item);
      finish.push((error) => (error ? reject(error) : resolve()));
    });
  return { started, finish, work };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a pass over items', () => {
  it('starts the next item when one is done', async () => {
    const { started, finish, work } = manualWork();
    const pass = inFlight(['a', 'b', 'c', 'd'], 2, work);
    expect(started).toEqual(['a', 'b']);
    finish[1]?.();
    await turn();
    expect(started).toEqual(['a', 'b', 'c']);
    finish[0]?.();
    finish[2]?.();
    await turn();
    expect(started).toEqual(['a', 'b', 'c', 'd']);
    finish[3]?.();
    await pass;
  });

  it('ends when the last item is done', async () => {
    const { finish, work } = manualWork();
    let ended = false;
    const pass = inFlight(['a'], 3, work).then(() => (ended = true));
    await turn();
    expect(ended).toBe(false);
    finish[0]?.();
    await pass;
  });

  it('stops at the first error', async () => {
    const { started, finish, work } = manualWork();
    const pass = inFlight(['a', 'b', 'c', 'd'], 2, work);
    finish[0]?.(new Error('failed'));
    await expect(pass).rejects.toThrow('failed');
    finish[1]?.();
    await turn();
    expect(started).toEqual(['a', 'b']);
  });

  it('processes every item once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 1, max: 5 }), async (items, atOnce) => {
        const seen: number[] = [];
        await inFlight(items, atOnce, (item) => Promise.resolve(seen.push(item)));
        expect(seen).toEqual(items);
      }),
    );
  });
});
