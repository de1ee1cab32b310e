import { VirtualClock } from '@smart-support/testing';
import { RestartPlan } from './restart-plan';

describe('threads that do not start', () => {
  it('are tried again after one second, then twice as long each time, at most half a minute', () => {
    const clock = new VirtualClock();
    const tries: number[] = [];
    const plan = new RestartPlan(clock, () => {
      tries.push(clock.monotonic() / 1000);
      plan.failed();
    });
    plan.failed();
    plan.failed();
    clock.advance(125_000);
    expect(tries).toEqual([1, 3, 7, 15, 31, 61, 91, 121]);
  });

  it('begin anew once one has started', () => {
    const clock = new VirtualClock();
    let tries = 0;
    const plan = new RestartPlan(clock, () => tries++);
    plan.failed();
    clock.advance(1000);
    plan.failed();
    plan.succeeded();
    expect([plan.lastFailed, plan.pausing, clock.waiting, tries]).toEqual([false, false, 0, 1]);
    plan.failed();
    clock.advance(1000);
    expect(tries).toBe(2);
  });
});
