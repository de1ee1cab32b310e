import { SmartSupportError, type WorkerStatus } from '@smart-support/contracts';
import { createLogger } from '@smart-support/telemetry';
import { VirtualClock } from '@smart-support/testing';
import { Presence } from './presence';

type Call = (status: WorkerStatus) => Promise<void>;

/** A worker on a list that answers as told. */
function begin(answer: { announce?: Call; leave?: () => Promise<void> } = {}) {
  const clock = new VirtualClock();
  const list: string[] = [];
  const log: string[] = [];
  let inFlight = 0;
  const presence = new Presence({
    workers: {
      announce: async (status, ttlMs) => {
        list.push(`${clock.monotonic()}: ${status.worker_id} has ${status.in_flight} for ${ttlMs}`);
        await answer.announce?.(status);
      },
      leave: async (workerId) => {
        list.push(`${clock.monotonic()}: ${workerId} leaves`);
        await answer.leave?.();
      },
    },
    status: () => ({ worker_id: 'w-1', circuit_breaker: 'closed', in_flight: inFlight }),
    clock,
    logger: createLogger({ level: 'info', name: 'spec', destination: { write: (line) => void log.push(line) } }),
  });
  return { clock, list, log, presence, take: (tickets: number) => (inFlight = tickets) };
}

describe('the presence of a worker', () => {
  it('is told every two seconds, as it is then, and holds for ten', async () => {
    const { clock, list, presence, take } = begin();
    presence.announce();
    await clock.run(0);
    take(3);
    await clock.run(4000);
    expect(list).toEqual(['0: w-1 has 0 for 10000', '2000: w-1 has 3 for 10000', '4000: w-1 has 3 for 10000']);
  });

  it('can be told at once, as after Redis came back, without doubling what follows', async () => {
    const { clock, list, presence } = begin();
    presence.announce();
    await clock.run(500);
    presence.announce();
    await clock.run(2500);
    expect(list.map((line) => line.split(':')[0])).toEqual(['0', '500', '2500']);
  });

  it('ends when the worker leaves, for good', async () => {
    const { clock, list, presence } = begin();
    presence.announce();
    await clock.run(100);
    await presence.leave();
    presence.announce();
    await clock.run(10_000);
    expect(list.at(-1)).toBe('100: w-1 leaves');
    expect(clock.waiting).toBe(0);
  });

  it('leaves only after an announcement that is still under way: that one would put the worker back', async () => {
    let answer!: () => void;
    const { clock, list, presence } = begin({
      announce: () => new Promise((resolve) => (answer = resolve)),
    });
    presence.announce();
    await clock.run(0);
    const left = presence.leave();
    await clock.run(500);
    expect(list).toHaveLength(1);
    answer();
    await left;
    expect(list.at(-1)).toBe('500: w-1 leaves');
  });

  it('says nothing while Redis is away, which others tell, and goes on', async () => {
    const away = async () => Promise.reject(new SmartSupportError('unavailable', 'away'));
    const { clock, list, log, presence } = begin({ announce: away, leave: away });
    presence.announce();
    await clock.run(4000);
    await presence.leave();
    expect(list).toHaveLength(4);
    expect(log).toEqual([]);
  });

  it('tells of other errors and goes on', async () => {
    const { clock, list, log, presence } = begin({
      announce: async () => Promise.reject(new SmartSupportError('corrupt', 'no list')),
    });
    presence.announce();
    await clock.run(2000);
    expect(list).toHaveLength(2);
    expect(log).toHaveLength(2);
    expect(log[0]).toContain('the list of workers could not be written');
  });
});
