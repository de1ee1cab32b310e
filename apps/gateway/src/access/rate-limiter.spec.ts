import * as fc from 'fast-check';
import { type CountTogether, RateLimiter } from './rate-limiter';

const MINUTE = 60_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Counters as Redis keeps them, by the clock of the test. */
function aStore(): { readonly count: CountTogether; readonly counted: () => number; isAway: boolean } {
  const windows = new Map<string, { total: number; readonly endsAt: number }>();
  const store = {
    isAway: false,
    counted: () => [...windows.values()].reduce((sum, { total }) => sum + total, 0),
    count: async (name: string, points: number, windowMs: number) => {
      if (store.isAway) throw new Error('away');
      let window = windows.get(name);
      if (!window || window.endsAt <= Date.now())
        windows.set(name, (window = { total: 0, endsAt: Date.now() + windowMs }));
      window.total += points;
      return { total: window.total, endsInMs: window.endsAt - Date.now() };
    },
  };
  return store;
}

/** Takes so many points; how many were granted. Whatever settles meanwhile has settled. */
async function taken(limiter: RateLimiter, points: number, caller = 'web'): Promise<number> {
  let granted = 0;
  for (let point = 0; point < points; point += 1) {
    if ((await limiter.take(caller)).isGranted) granted += 1;
    await jest.advanceTimersByTimeAsync(0);
  }
  return granted;
}

describe('a rate limit', () => {
  it('grants so many a minute, says what is left, and begins again', async () => {
    const limiter = new RateLimiter('tickets', 2, undefined);
    expect(await limiter.look('web')).toEqual({ isGranted: true, remaining: 2, resetsInSeconds: 60 });
    expect(await limiter.take('web')).toEqual({ isGranted: true, remaining: 1, resetsInSeconds: 60 });
    await jest.advanceTimersByTimeAsync(15_000);
    expect(await limiter.take('web')).toEqual({ isGranted: true, remaining: 0, resetsInSeconds: 45 });
    expect(await limiter.look('web')).toEqual({ isGranted: false, remaining: 0, resetsInSeconds: 45 });
    expect(await limiter.take('web')).toEqual({ isGranted: false, remaining: 0, resetsInSeconds: 45 });
    await jest.advanceTimersByTimeAsync(45_000);
    expect(await limiter.take('web')).toMatchObject({ isGranted: true, remaining: 1 });
  });

  it('is another one for each caller', async () => {
    const limiter = new RateLimiter('tickets', 2, undefined);
    expect(await taken(limiter, 5, 'web')).toBe(2);
    expect(await taken(limiter, 5, '__proto__')).toBe(2);
  });

  it('is not made longer by what is refused', async () => {
    const limiter = new RateLimiter('tickets', 2, aStore().count);
    expect(await taken(limiter, 50)).toBe(2);
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(await taken(limiter, 50)).toBe(2);
  });

  it('refuses nothing of a caller that uses all of it evenly, minute by minute', async () => {
    const limiter = new RateLimiter('tickets', 100, aStore().count);
    for (let sent = 0; sent < 500; sent += 1) {
      expect(await taken(limiter, 1)).toBe(1);
      await jest.advanceTimersByTimeAsync(600);
    }
  });
});

describe('a rate limit of several gateways on one Redis', () => {
  it('is exceeded by one block for each of them at most, however the calls fall', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.tuple(fc.nat({ max: 2 }), fc.integer({ min: 1, max: 30 })), { maxLength: 20 }),
        async (limit, calls) => {
          const store = aStore();
          const gateways = [0, 1, 2].map(() => new RateLimiter('tickets', limit, store.count));
          let granted = 0;
          for (const [index, points] of calls) granted += await taken(gateways[index]!, points);
          const asked = calls.reduce((sum, [, points]) => sum + points, 0);
          expect(granted).toBeGreaterThanOrEqual(Math.min(asked, limit));
          expect(granted).toBeLessThanOrEqual(limit + 3 * Math.max(1, limit / 20));
          await jest.advanceTimersByTimeAsync(MINUTE);
        },
      ),
    );
  });

  it('costs one command a block, and none for a caller that does little', async () => {
    let commands = 0;
    const { count } = aStore();
    const counting: CountTogether = (...args) => {
      commands += 1;
      return count(...args);
    };
    const limiter = new RateLimiter('requester', 60, counting);
    await taken(limiter, 2);
    expect(commands).toBe(0);
    await taken(limiter, 28);
    expect(commands).toBe(10);
  });

  it('does not wait: a call is granted while the store does not answer', async () => {
    const limiter = new RateLimiter('tickets', 3, () => new Promise(() => undefined));
    expect([await limiter.take('web'), await limiter.take('web'), await limiter.take('web')]).toMatchObject([
      { isGranted: true },
      { isGranted: true },
      { isGranted: true },
    ]);
    expect((await limiter.take('web')).isGranted).toBe(false);
  });

  it('counts what was done while the store was away, also when it is back within the minute', async () => {
    const store = aStore();
    store.isAway = true;
    const limiter = new RateLimiter('tickets', 40, store.count);
    expect(await taken(limiter, 30)).toBe(30);
    store.isAway = false;
    expect(await taken(limiter, 40)).toBe(10);
  });

  it('holds in each of them while the store is away, and in all of them once it is back', async () => {
    const store = aStore();
    store.isAway = true;
    const [one, other] = [0, 1].map(() => new RateLimiter('tickets', 40, store.count));
    expect([await taken(one!, 60), await taken(other!, 60)]).toEqual([40, 40]);
    store.isAway = false;
    await jest.advanceTimersByTimeAsync(MINUTE);
    const together = (await taken(one!, 30)) + (await taken(other!, 30));
    expect(together).toBeGreaterThanOrEqual(40);
    expect(together).toBeLessThanOrEqual(44);
    expect(store.counted()).toBeLessThanOrEqual(44);
  });
});
