import { VirtualClock } from '@smart-support/testing';
import { Backoff } from './backoff';

const BOUNDS = { firstMs: 500, mostMs: 3_000 };

function begin() {
  const clock = new VirtualClock();
  return { clock, backoff: new Backoff(clock, BOUNDS) };
}

describe('the pauses between attempts', () => {
  it('begin with the first failure', () => {
    const { clock, backoff } = begin();
    expect(backoff.isDue).toBe(true);
    backoff.failed();
    expect(backoff.isDue).toBe(false);
    clock.advance(499);
    expect(backoff.isDue).toBe(false);
    clock.advance(1);
    expect(backoff.isDue).toBe(true);
  });

  it('double up to a bound', () => {
    const { clock, backoff } = begin();
    const pauses = Array.from({ length: 6 }, () => {
      const pause = backoff.failed();
      clock.advance(pause);
      return pause;
    });
    expect(pauses).toEqual([500, 1_000, 2_000, 3_000, 3_000, 3_000]);
  });

  it('are short again after a long time without a failure, and only then', () => {
    const { clock, backoff } = begin();
    backoff.failed();
    clock.advance(500 + 6_000);
    expect(backoff.failed()).toBe(1_000);
    clock.advance(1_000 + 6_001);
    expect(backoff.failed()).toBe(500);
  });

  it('can be ended early, and the next one is longer all the same', () => {
    const { backoff } = begin();
    backoff.failed();
    backoff.cutShort();
    expect(backoff.isDue).toBe(true);
    expect(backoff.failed()).toBe(1_000);
  });
});
