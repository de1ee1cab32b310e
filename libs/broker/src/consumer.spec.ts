import type { Claim, TicketQueue } from '@smart-support/contracts';
import { Consumer } from './consumer';

/** A queue of which only what a consumer needs is there. */
function aQueue(ids: string[]) {
  const renewed: string[][] = [];
  let sweeps = 0;
  const queue = {
    claim: (limit: number) =>
      Promise.resolve(
        ids.splice(0, limit).map((id) => ({ token: `token-${id}`, record: { ticket: { id } } }) as Claim),
      ),
    heartbeat: (claims: readonly Claim[]) => {
      renewed.push(claims.map(({ token }) => token));
      return Promise.resolve([]);
    },
    sweep: () => Promise.resolve(sweeps++),
  } as Partial<TicketQueue> as TicketQueue;
  return { queue, renewed, sweeps: () => sweeps };
}

/** Work that ends when the spec says so. */
function handWork() {
  const open = new Map<string, () => void>();
  const started: string[] = [];
  return {
    started,
    handle: (claim: Claim) => {
      const { id } = claim.record.ticket;
      started.push(id);
      return new Promise<void>((resolve) => open.set(id, resolve));
    },
    finish: (id: string) => open.get(id)?.(),
  };
}

const settings = { leaseMs: 3000, idleMs: 100, onError: (error: unknown) => void error };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('a consumer', () => {
  it('has no more tickets in work than it may', async () => {
    const { queue } = aQueue(['a', 'b', 'c']);
    const work = handWork();
    const consumer = new Consumer({ ...settings, queue, handle: work.handle, concurrency: 2 });
    await consumer.poll();
    await consumer.poll();
    expect([work.started, consumer.inHand]).toEqual([['a', 'b'], 2]);
  });

  it('takes the next ticket as soon as a hand is free, without waiting for the pause', async () => {
    const { queue } = aQueue(['a', 'b']);
    const work = handWork();
    const consumer = new Consumer({ ...settings, queue, handle: work.handle, concurrency: 1 });
    consumer.start();
    await jest.advanceTimersByTimeAsync(0);
    work.finish('a');
    await jest.advanceTimersByTimeAsync(0);
    expect(work.started).toEqual(['a', 'b']);
    work.finish('b');
    await consumer.stop();
  });

  it('looks again after the pause when the queue was empty, and takes back what others left', async () => {
    const ids: string[] = [];
    const { queue, sweeps } = aQueue(ids);
    const work = handWork();
    const consumer = new Consumer({ ...settings, queue, handle: work.handle, concurrency: 1 });
    consumer.start();
    await jest.advanceTimersByTimeAsync(0);
    ids.push('late');
    await jest.advanceTimersByTimeAsync(100);
    expect(work.started).toEqual(['late']);
    expect(sweeps()).toBe(2);
    work.finish('late');
    await consumer.stop();
  });

  it('renews the leases of what it has in hand at a third of the lease', async () => {
    const { queue, renewed } = aQueue(['a']);
    const work = handWork();
    const consumer = new Consumer({ ...settings, queue, handle: work.handle, concurrency: 1 });
    consumer.start();
    await jest.advanceTimersByTimeAsync(2000);
    expect(renewed).toEqual([['token-a'], ['token-a']]);
    work.finish('a');
    await consumer.stop();
  });

  it('when stopped, finishes what it has and takes nothing more', async () => {
    const { queue } = aQueue(['a', 'b']);
    const work = handWork();
    const consumer = new Consumer({ ...settings, queue, handle: work.handle, concurrency: 1 });
    consumer.start();
    await jest.advanceTimersByTimeAsync(0);
    let stopped = false;
    const stopping = consumer.stop().then(() => (stopped = true));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(stopped).toBe(false);
    work.finish('a');
    await stopping;
    expect([work.started, consumer.inHand, jest.getTimerCount()]).toEqual([['a'], 0, 0]);
  });

  it('goes on after an error of the queue or of the work, and tells it', async () => {
    const { queue } = aQueue(['a', 'b']);
    const errors: unknown[] = [];
    let broken = true;
    const failing = {
      ...queue,
      sweep: () => (broken ? Promise.reject(new Error('queue away')) : Promise.resolve(0)),
    } as TicketQueue;
    const consumer = new Consumer({
      ...settings,
      queue: failing,
      handle: () => Promise.reject(new Error('work failed')),
      concurrency: 1,
      onError: (error) => errors.push((error as Error).message),
    });
    consumer.start();
    await jest.advanceTimersByTimeAsync(0);
    broken = false;
    await jest.advanceTimersByTimeAsync(100);
    await jest.advanceTimersByTimeAsync(1);
    expect(errors).toEqual(['queue away', 'work failed', 'work failed']);
    await consumer.stop();
  });
});
