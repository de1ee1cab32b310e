import { SmartSupportError, type Claim } from '@smart-support/contracts';
import { VirtualClock, aNewTicket } from '@smart-support/testing';
import { Consumer, type ConsumerOptions } from '../consumer';
import { newRecord } from '../rules/admission';

/** A claim of a new ticket. */
export const aClaim = (id: string, token = `token-${id}`): Claim => ({
  token,
  record: newRecord(aNewTicket({ id }), '2030-01-01T00:00:00.000Z'),
});
/** A call of a broker that is away. */
export const away = (): Promise<never> => Promise.reject(new SmartSupportError('unavailable', 'The broker is away'));
/** A promise that the test settles. */
export const deferred = <T = void>() => {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((...handles) => ([resolve, reject] = handles));
  return { promise, resolve, reject };
};

/** The calls of a queue that a consumer makes. */
export type Queue = ConsumerOptions['queue'];

/** A consumer with a clock, a queue of ids, and handlers that the test ends. */
export function createHarness({
  queue = {},
  ...changes
}: Partial<Omit<ConsumerOptions, 'queue'>> & { queue?: Partial<Queue> } = {}) {
  const clock = new VirtualClock();
  const queued: string[] = [];
  const waiters: (() => void)[] = [];
  const open = new Map<string, () => void>();
  const calls = { claims: [] as number[], sweeps: 0, renewed: [] as string[][], released: [] as string[] };
  const seen = { started: [] as string[], errors: [] as string[], lost: [] as string[] };
  const consumer = new Consumer({
    handle: ({ token, record }) => {
      seen.started.push(record.ticket.id);
      return new Promise<void>((resolve) => open.set(token, resolve));
    },
    leaseMs: 3000,
    idleMs: 100,
    onError: (error) => void seen.errors.push((error as Error).message),
    onLost: (id) => void seen.lost.push(id),
    clock,
    concurrency: 1,
    ...changes,
    queue: {
      claim: async (limit) => {
        calls.claims.push(limit);
        return queued.splice(0, limit).map((id) => aClaim(id));
      },
      waitForWork: (timeoutMs) =>
        new Promise((resolve) => {
          clock.after(timeoutMs, resolve);
          waiters.push(resolve);
        }),
      heartbeat: async (claims) => {
        calls.renewed.push(claims.map(({ token }) => token));
        return [];
      },
      requeue: async ({ token }) => void calls.released.push(token),
      sweep: async () => {
        calls.sweeps += 1;
        return 0;
      },
      ...queue,
    },
  });
  return {
    consumer,
    clock,
    queued,
    calls,
    seen,
    /** Queues a ticket and wakes all waiting calls. */
    offer: (id: string) => {
      queued.push(id);
      for (const wake of waiters.splice(0)) wake();
    },
    /** Number of calls that wait for work. */
    waits: () => waiters.length,
    finish: (id: string) => open.get(`token-${id}`)?.(),
    settle: () => clock.run(0),
  };
}

/** Whether a promise has ended. */
export function trackEnd(promise: Promise<unknown>) {
  const state = { ended: false };
  void promise.then(() => (state.ended = true));
  return state;
}
