import { createLogger } from '@smart-support/telemetry';
import { VirtualClock } from '@smart-support/testing';
import { type GracefulShutdownOptions, gracefulShutdown } from './graceful-shutdown';

/** A process whose drain ends when the spec says so. */
function begin(more: Partial<GracefulShutdownOptions> = {}) {
  const clock = new VirtualClock();
  const said: string[] = [];
  const write = (line: string): void => {
    const { level, msg, signal } = JSON.parse(line) as Record<string, string>;
    said.push([level, msg, ...(signal === undefined ? [] : [signal])].join(' '));
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
  return { clock, said, done, drained, failed, stop };
}

describe('a process that is told to stop', () => {
  it('drains, says so, and is left to end by itself', async () => {
    const { clock, said, done, drained, stop } = begin();
    stop('SIGTERM');
    expect(done).toEqual(['drain']);
    await clock.run(5_000);
    expect(said).toEqual(['info draining SIGTERM']);
    drained();
    await clock.run(1_000);
    expect(said).toEqual(['info draining SIGTERM', 'info stopped']);
    expect(done).toEqual(['drain']);
  });

  it('says so when not everything could be let go', async () => {
    const { clock, said, failed, stop } = begin();
    stop('SIGTERM');
    failed(new Error('held on'));
    await clock.run(0);
    expect(said.at(-1)).toBe('error stopped, but not everything could be let go');
  });

  it('is killed if it is still there when its time is up', async () => {
    const { clock, said, done, stop } = begin();
    stop('SIGTERM');
    await clock.run(8_999);
    expect(done).toEqual(['drain']);
    await clock.run(1);
    expect(said.at(-1)).toBe('error hangs');
    expect(done).toEqual(['drain', 'kill after 9000 ms']);
  });

  it('takes every signal of the first second for the same wish', async () => {
    const { clock, said, done, stop } = begin();
    stop('SIGINT');
    await clock.run(999);
    stop('SIGTERM');
    expect(said).toEqual(['info draining SIGINT']);
    expect(done).toEqual(['drain']);
  });

  it('is killed at a second wish', async () => {
    const { clock, said, done, stop } = begin();
    stop('SIGINT');
    await clock.run(1_000);
    stop('SIGTERM');
    expect(said).toEqual(['info draining SIGINT', 'warn stopping at once SIGTERM']);
    expect(done).toEqual(['drain', 'kill after 1000 ms']);
  });
});

describe('a process that can hurry, told a second time', () => {
  function hurried() {
    let hasHurried!: () => void;
    const hurry = jest.fn(() => new Promise<void>((resolve) => (hasHurried = resolve)));
    return { hurry, hasHurried: () => hasHurried(), ...begin({ hurry }) };
  }

  it('hurries, and has another second after that', async () => {
    const { clock, said, done, hurry, hasHurried, stop } = hurried();
    stop('SIGTERM');
    await clock.run(1_000);
    stop('SIGTERM');
    expect(hurry).toHaveBeenCalledTimes(1);
    expect(said.at(-1)).toBe('warn stopping at once SIGTERM');
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
