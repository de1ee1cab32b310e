import { SmartSupportError, type WorkerStatus } from '@smart-support/contracts';
import { createLogger } from '@smart-support/telemetry';
import { VirtualClock } from '@smart-support/testing';
import { Presence } from './presence';

type Call = (status: WorkerStatus) => Promise<void>;

/** A worker list whose calls the test settles. */
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
  it('is announced every two seconds with the current status, and expires after ten', async () => {
    const { clock, list, presence, take } = begin();
    presence.announce();
    await clock.run(0);
    take(3);
    await clock.run(4000);
    expect(list).toEqual(['0: w-1 has 0 for 10000', '2000: w-1 has 3 for 10000', '4000: w-1 has 3 for 10000']);
  });

  it('can be announced at once, as after a reconnection, without doubling the next announcements', async () => {
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

  it('leaves only after an announcement in flight, which would add the worker again', async () => {
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

  it('logs nothing while Redis is away, which other parts report, and goes on', async () => {
    const away = async () => Promise.reject(new SmartSupportError('unavailable', 'away'));
    const { clock, list, log, presence } = begin({ announce: away, leave: away });
    presence.announce();
    await clock.run(4000);
    await presence.leave();
    expect(list).toHaveLength(4);
    expect(log).toEqual([]);
  });

  it('reports other errors and goes on', async () => {
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
