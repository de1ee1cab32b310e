import fc from 'fast-check';
import { inFlight } from './whole-passes';

/** Work that somebody else finishes, item by item. */
function handWork() {
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
  it('keeps so many in work and takes the next when one is done', async () => {
    const { started, finish, work } = handWork();
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

  it('ends only when the last one is done', async () => {
    const { finish, work } = handWork();
    let ended = false;
    const pass = inFlight(['a'], 3, work).then(() => (ended = true));
    await turn();
    expect(ended).toBe(false);
    finish[0]?.();
    await pass;
  });

  it('stops at the first error', async () => {
    const { started, finish, work } = handWork();
    const pass = inFlight(['a', 'b', 'c', 'd'], 2, work);
    finish[0]?.(new Error('out of paper'));
    await expect(pass).rejects.toThrow('out of paper');
    finish[1]?.();
    await turn();
    expect(started).toEqual(['a', 'b']);
  });

  it('works on every item once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 1, max: 5 }), async (items, atOnce) => {
        const seen: number[] = [];
        await inFlight(items, atOnce, (item) => Promise.resolve(seen.push(item)));
        expect(seen).toEqual(items);
      }),
    );
  });
});
