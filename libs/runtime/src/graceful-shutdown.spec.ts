import { createLogger } from '@smart-support/telemetry';
import { VirtualClock } from '@smart-support/testing';
import { type GracefulShutdownOptions, gracefulShutdown } from './graceful-shutdown';

/** A process whose drain ends when the spec says so. */
function begin(more: Partial<GracefulShutdownOptions> = {}) {
  const clock = new VirtualClock();
  const logged: string[] = [];
  const write = (line: string): void => {
    const { level, msg, signal } = JSON.parse(line) as Record<string, string>;
    logged.push([level, msg, ...(signal === undefined ? [] : [signal])].join(' '));
  };
  const done: string[] = [];
  let drained!: () => void;
  let failed!: (error: Error) => void;
  const drain = new Promise<void>((resolve, reject) => {
    drained = resolve;
    failed = reject;
  });
  const stop = gracefulShutdown({
    draining: 'draining',
    drain: () => {
      done.push('drain');
      return drain;
    },
    killAfterMs: 9_000,
    killing: 'hangs',
    kill: () => void done.push(`kill after ${clock.monotonic()} ms`),
    logger: createLogger({ level: 'info', name: 'spec', destination: { write } }),
    clock,
    ...more,
  });
  return { clock, logged, done, drained, failed, stop };
}

describe('a process that gets a stop signal', () => {
  it('drains, logs it, and then exits', async () => {
    const { clock, logged, done, drained, stop } = begin();
    stop('SIGTERM');
    expect(done).toEqual(['drain']);
    await clock.run(5_000);
    expect(logged).toEqual(['info draining SIGTERM']);
    drained();
    await clock.run(1_000);
    expect(logged).toEqual(['info draining SIGTERM', 'info stopped']);
    expect(done).toEqual(['drain']);
  });

  it('says so when not everything could be closed', async () => {
    const { clock, logged, failed, stop } = begin();
    stop('SIGTERM');
    failed(new Error('still open'));
    await clock.run(0);
    expect(logged.at(-1)).toBe('error stopped, but not everything could be closed');
  });

  it('is killed if it is still there when its time is up', async () => {
    const { clock, logged, done, stop } = begin();
    stop('SIGTERM');
    await clock.run(8_999);
    expect(done).toEqual(['drain']);
    await clock.run(1);
    expect(logged.at(-1)).toBe('error hangs');
    expect(done).toEqual(['drain', 'kill after 9000 ms']);
  });

  it('takes every signal of the first second for the same wish', async () => {
    const { clock, logged, done, stop } = begin();
    stop('SIGINT');
    await clock.run(999);
    stop('SIGTERM');
    expect(logged).toEqual(['info draining SIGINT']);
    expect(done).toEqual(['drain']);
  });

  it('is killed at a second wish', async () => {
    const { clock, logged, done, stop } = begin();
    stop('SIGINT');
    await clock.run(1_000);
    stop('SIGTERM');
    expect(logged).toEqual(['info draining SIGINT', 'warn stopping at once SIGTERM']);
    expect(done).toEqual(['drain', 'kill after 1000 ms']);
  });
});

describe('a process that can hurry, on a second signal', () => {
  function hurried() {
    let hasHurried!: () => void;
    const hurry = jest.fn(() => new Promise<void>((resolve) => (hasHurried = resolve)));
    return { hurry, hasHurried: () => hasHurried(), ...begin({ hurry }) };
  }

  it('hurries, and has another second after that', async () => {
    const { clock, logged, done, hurry, hasHurried, stop } = hurried();
    stop('SIGTERM');
    await clock.run(1_000);
    stop('SIGTERM');
    expect(hurry).toHaveBeenCalledTimes(1);
    expect(logged.at(-1)).toBe('warn stopping at once SIGTERM');
    await clock.run(2_000);
    hasHurried();
    await clock.run(999);
    expect(done).toEqual(['drain']);
    await clock.run(1);
    expect(done).toEqual(['drain', 'kill after 4000 ms']);
  });

  it('is killed at a third wish', async () => {
    const { clock, done, hurry, stop } = hurried();
    stop('SIGTERM');
    await clock.run(1_000);
    stop('SIGTERM');
    await clock.run(1);
    stop('SIGTERM');
    expect(done).toEqual(['drain', 'kill after 1001 ms']);
    expect(hurry).toHaveBeenCalledTimes(1);
  });
});
