import { SmartSupportError } from '@smart-support/contracts';
import { VirtualClock } from '@smart-support/testing';
import { BASELINE, guardScene } from '../test/guard-scene';
import { latencyRule } from './breaker-rule';
import { CircuitBreaker } from './circuit-breaker';
import type { ModelGuardOptions } from './model-guard';

function scene(options: Partial<ModelGuardOptions> = {}) {
  const clock = new VirtualClock();
  return { clock, ...guardScene(clock, options) };
}

describe('while the breaker is closed', () => {
  it('a call that has not started after half of the slow limit is aborted, answered `overloaded` and not counted', async () => {
    const { clock, hold, verdicts } = scene();
    const call = hold();
    await clock.run(249);
    expect([call.seen, call.abortedFor]).toEqual([[], undefined]);
    await clock.run(1);
    expect(call.seen).toEqual([BASELINE('overloaded')]);
    expect(call.abortedFor).toMatchObject({ code: 'overloaded' });
    call.start();
    await clock.run(5000);
    expect([verdicts(), clock.waiting]).toEqual([[], 0]);
  });

  it('a call that starts at the last moment is waited for', async () => {
    const { clock, hold } = scene();
    const call = hold();
    clock.after(250, () => call.start());
    await clock.run(400);
    expect([call.seen, call.abortedFor]).toEqual([[], undefined]);
  });

  it('the limit of the wait can be set, or follows the rule', async () => {
    const own = scene({ maxWaitMs: 40 });
    const call = own.hold();
    await own.clock.run(40);
    expect(call.seen).toEqual([BASELINE('overloaded')]);

    const clock = new VirtualClock();
    const breaker = new CircuitBreaker({ name: 'minilm', clock, rule: latencyRule({ latencyMs: 1000 }) });
    const slower = scene({ clock, breaker });
    const other = slower.hold();
    await clock.run(499);
    expect(other.seen).toEqual([]);
    await clock.run(1);
    expect(other.seen).toEqual([BASELINE('overloaded')]);
  });

  it("a call that shares another's run, under way, is waited for until the deadline and never counted", async () => {
    const { clock, hold, verdicts } = scene();
    const [lucky, late] = [hold(), hold()];
    await clock.run(200);
    lucky.join();
    late.join();
    await clock.run(700);
    lucky.answer('shared');
    await clock.run(1100);
    expect(lucky.seen).toEqual([{ answered: true, value: 'shared' }]);
    expect(late.seen).toEqual([BASELINE('deadline')]);
    expect(late.abortedFor).toBeUndefined();
    expect([verdicts(), clock.waiting]).toEqual([[], 0]);
  });

  it("a call that waits for another's run to start is answered `overloaded` like any that waits", async () => {
    const { clock, hold, verdicts } = scene();
    const call = hold();
    await clock.run(250);
    call.join();
    call.answer('shared, too late');
    await clock.run(0);
    expect(call.seen).toEqual([BASELINE('overloaded')]);
    expect(verdicts()).toEqual([]);
  });

  it('the deadline counts from the asking; the run itself goes on, is not aborted, and was counted at 500 ms', async () => {
    const { clock, hold, verdicts } = scene();
    const call = hold();
    await clock.run(200);
    call.start();
    await clock.run(1799);
    expect(call.seen).toEqual([]);
    await clock.run(1);
    expect(call.seen).toEqual([BASELINE('deadline')]);
    expect(call.abortedFor).toBeUndefined();
    call.answer('too late');
    await clock.run(1000);
    expect([verdicts(), call.seen.length]).toEqual([['slow'], 1]);
  });

  it('a run that outlives a short deadline is still judged', async () => {
    const { clock, hold, verdicts } = scene({ deadlineMs: 50 });
    const [quick, hanging] = [hold(), hold()];
    quick.start();
    hanging.start();
    await clock.run(100);
    expect([quick.seen, hanging.seen]).toEqual([[BASELINE('deadline')], [BASELINE('deadline')]]);
    quick.answer('late');
    await clock.run(400);
    expect(verdicts()).toEqual(['fast', 'slow']);
  });

  it('a deadline shorter than the wait gives up what has not started', async () => {
    const { clock, hold, verdicts } = scene({ deadlineMs: 50 });
    const call = hold();
    await clock.run(50);
    expect(call.seen).toEqual([BASELINE('deadline')]);
    expect(call.abortedFor).toBeDefined();
    await clock.run(5000);
    expect(verdicts()).toEqual([]);
  });

  it('a late error is no unhandled rejection', async () => {
    const { clock, hold, verdicts } = scene({ deadlineMs: 50 });
    const call = hold();
    call.start();
    await clock.run(50);
    call.fail(new SmartSupportError('invalid_input', 'Too late'));
    await clock.run(1000);
    expect([call.seen, verdicts()]).toEqual([[BASELINE('deadline')], []]);
  });
});

describe('when the breaker opens', () => {
  it('calls that wait are aborted and answered at once; calls that run are waited for until their deadline', async () => {
    const { clock, breaker, hold, verdicts } = scene();
    const [waiting, running, hanging] = [hold(), hold(), hold()];
    running.start();
    hanging.start();
    for (let times = 0; times < 3; times++) breaker.record({ failed: true });
    await clock.run(0);
    expect(waiting.seen).toEqual([BASELINE('breaker_open')]);
    expect(waiting.abortedFor).toBeDefined();
    expect([running.seen, running.abortedFor]).toEqual([[], undefined]);
    await clock.run(100);
    running.answer('vector');
    await clock.run(1899);
    expect(running.seen).toEqual([{ answered: true, value: 'vector' }]);
    expect(hanging.seen).toEqual([]);
    await clock.run(1);
    expect(hanging.seen).toEqual([BASELINE('deadline')]);
    // Nothing of the aborted call: three failures, the answer and the overdue run.
    expect(verdicts()).toEqual(['slow', 'slow', 'slow', 'fast', 'slow']);
  });
});

describe('a guard that is closed', () => {
  it('aborts what waits, rejects every call with `closed`, counts nothing more and leaves no timer', async () => {
    const { clock, guard, hold, verdicts } = scene();
    const [waiting, running, failing] = [hold(), hold(), hold()];
    running.start();
    failing.start();
    guard.close();
    guard.close();
    expect(clock.waiting).toBe(0);
    for (const call of [waiting, running, failing]) {
      await expect(call.asked).rejects.toMatchObject({ code: 'closed' });
    }
    expect([waiting.abortedFor, running.abortedFor]).toEqual([expect.objectContaining({ code: 'closed' }), undefined]);
    running.answer('too late');
    failing.fail(new Error('too late'));
    await clock.run(5000);
    expect(verdicts()).toEqual([]);
  });

  it('refuses new calls without making them', async () => {
    const { guard } = scene();
    guard.close();
    const call = jest.fn(async () => 'vector');
    await expect(guard.ask(call)).rejects.toMatchObject({ code: 'closed' });
    expect(call).not.toHaveBeenCalled();
  });

  it('may be closed by the very call it makes', async () => {
    const { clock, guard } = scene();
    const asked = guard.ask(async ({ onStart }) => {
      guard.close();
      onStart?.();
    });
    await expect(asked).rejects.toMatchObject({ code: 'closed' });
    expect(clock.waiting).toBe(0);
  });

  it('does not wake up when its breaker turns', () => {
    const { clock, guard, breaker } = scene();
    guard.close();
    for (let times = 0; times < 3; times++) breaker.record({ failed: true });
    expect([guard.state, clock.waiting]).toEqual(['open', 0]);
  });
});

describe('the times of a guard', () => {
  it.each(['deadlineMs', 'maxWaitMs', 'probeMs', 'idleProbeMs'])('%s must be one that a timer can wait', (time) => {
    for (const ms of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
      expect(() => scene({ [time]: ms })).toThrow(
        expect.objectContaining({ code: 'invalid_config', issues: [expect.objectContaining({ path: time })] }),
      );
    }
  });
});
