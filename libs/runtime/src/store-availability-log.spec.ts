import { createLogger } from '@smart-support/telemetry';
import { StoreAvailabilityLog } from './store-availability-log';

function begin() {
  const lines: { level: string; reason?: string; msg: string; err?: { message: string } }[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as (typeof lines)[number]);
  const gauge: boolean[] = [];
  const shown: (string | null)[] = [];
  const log = new StoreAvailabilityLog(createLogger({ level: 'info', name: 'spec', destination: { write } }), {
    redis: {
      showAvailability: (isUp, problem) => {
        if (gauge.at(-1) !== isUp) gauge.push(isUp);
        shown.push(problem);
      },
      showPolicy: (policy) => void shown.push(policy),
    },
  });
  return { log, gauge, shown, levels: () => lines.map(({ level }) => level), lines };
}

describe('the availability of a shared Redis', () => {
  it('that is there from the start are one line', () => {
    const { log, gauge, levels } = begin();
    log.change('up');
    expect(levels()).toEqual(['info']);
    expect(gauge).toEqual([false, true]);
  });

  it('that is away at the start are one warning with the reason, however often it is tried', () => {
    const { log, lines, levels } = begin();
    for (let tries = 0; tries < 5; tries += 1) log.trouble(new Error('connection refused'), 'unreachable');
    expect(lines).toMatchObject([{ level: 'warn', err: { message: 'connection refused' } }]);
    log.change('up');
    expect(levels()).toEqual(['warn', 'info']);
  });

  it('that goes away and comes back are one line for each change', () => {
    const { log, gauge, lines, levels } = begin();
    log.change('up');
    log.trouble(new Error('connection reset'), 'unreachable');
    log.change('down');
    log.trouble(new Error('connection refused'), 'unreachable');
    log.change('down');
    log.change('up');
    expect(levels()).toEqual(['info', 'warn', 'info']);
    expect(lines[1]).toMatchObject({ err: { message: 'connection reset' } });
    expect(gauge).toEqual([false, true, false, true]);
  });

  it('do not give an old reason for a new absence', () => {
    const { log, lines } = begin();
    log.trouble(new Error('an old one'), 'unreachable');
    log.change('up');
    log.change('down');
    expect(lines.at(-1)).not.toHaveProperty('err');
  });

  it('name the reason, and each further one once', () => {
    const { log, lines, shown } = begin();
    log.change('up');
    log.trouble(new Error('READONLY'), 'readonly');
    log.change('down');
    for (let tries = 0; tries < 3; tries += 1) {
      log.trouble(new Error('ECONNREFUSED'), 'unreachable');
      log.trouble(new Error('OOM'), 'oom');
      log.trouble(new Error('READONLY'), 'readonly');
    }
    expect(lines.slice(1)).toMatchObject([
      { level: 'warn', msg: expect.stringContaining('Redis is away'), reason: 'readonly' },
      { level: 'info', msg: 'Redis is still away, for another reason', reason: 'unreachable' },
      { level: 'warn', msg: 'Redis is still away, for another reason', reason: 'oom', err: { message: 'OOM' } },
    ]);
    expect(shown.at(-1)).toBe('readonly');
    log.change('up');
    expect(shown.at(-1)).toBeNull();
  });

  it('are an error where the database of the address cannot be selected any more', () => {
    const { log, lines } = begin();
    log.change('up');
    log.change('down');
    log.trouble(new Error('The database 3 of REDIS_URL cannot be selected'), 'database');
    expect(lines.slice(1)).toMatchObject([
      { level: 'warn', reason: 'unreachable' },
      { level: 'error', reason: 'database' },
    ]);
  });

  it.each([
    ['allkeys-lru', ['error']],
    ['noeviction', []],
    [null, ['warn']],
  ])('that its maxmemory-policy is %s are of level %p', (policy, wanted) => {
    const { log, levels, lines, shown } = begin();
    log.policy(policy);
    expect([levels(), shown.at(-1)]).toEqual([wanted, policy]);
    if (policy === 'allkeys-lru') expect(lines[0]).toMatchObject({ maxmemory_policy: policy });
  });

  it('say when replicas stop to confirm writes, with the reason, and when they begin again', () => {
    const { log, lines } = begin();
    log.replicas(new Error('0 of 1 replicas'));
    log.replicas(undefined);
    expect(lines).toMatchObject([{ level: 'warn', err: { message: '0 of 1 replicas' } }, { level: 'info' }]);
  });

  it('say that a sentinel does not announce failovers, and do not take Redis for away', () => {
    const { log, lines, gauge } = begin();
    log.change('up');
    log.sentinelRefusal(new Error('NOPERM'));
    expect(lines.slice(1)).toMatchObject([{ level: 'warn', err: { message: 'NOPERM' } }]);
    expect(gauge).toEqual([false, true]);
  });
});
