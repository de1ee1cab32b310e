import { LoopLateness } from './loop-lateness';

/** A clock whose timers the test runs, with any delay. */
function aLateClock() {
  let now = 0;
  let timer: { readonly callback: () => void; readonly due: number } | undefined;
  return {
    monotonic: () => now,
    after: (milliseconds: number, callback: () => void) => {
      timer = { callback, due: now + milliseconds };
      return () => (timer = undefined);
    },
    run: (lateMs: number) => {
      now = (timer?.due ?? now) + lateMs;
      timer?.callback();
    },
    pass: (milliseconds: number) => (now += milliseconds),
    isIdle: () => timer === undefined,
  };
}

describe('the lateness of the event loop', () => {
  it('is zero while timers run about when they are due', () => {
    const clock = aLateClock();
    const lateness = new LoopLateness(clock);
    for (const late of [0, 1, 40, 249]) clock.run(late);
    expect(lateness.wasLateWithin(60_000)).toBe(false);
  });

  it('counts for the given time, from the end of the stall', () => {
    const clock = aLateClock();
    const lateness = new LoopLateness(clock);
    clock.run(3_000);
    expect(lateness.wasLateWithin(1_000)).toBe(true);
    clock.pass(1_000);
    expect(lateness.wasLateWithin(1_000)).toBe(true);
    clock.pass(1);
    expect(lateness.wasLateWithin(1_000)).toBe(false);
  });

  it('is not checked any more once closed', () => {
    const clock = aLateClock();
    const lateness = new LoopLateness(clock);
    clock.run(0);
    lateness.close();
    expect(clock.isIdle()).toBe(true);
  });
});
