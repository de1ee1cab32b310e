import { SmartSupportError, type RunOptions } from '@smart-support/contracts';
import { VirtualClock } from '@smart-support/testing';
import { guardScene } from '../test/guard-scene';

function scene() {
  const clock = new VirtualClock();
  return { clock, ...guardScene(clock) };
}

describe('the time of a call', () => {
  it("callers get the model's answer", async () => {
    const { guard, takes } = scene();
    expect(await takes(30)).toEqual({ answered: true, value: 'vector' });
    expect(guard.state).toBe('closed');
  });

  it('a call is given a signal that is not aborted, and its own onStart', async () => {
    const { guard } = scene();
    const options: RunOptions[] = [];
    const call = async (given: RunOptions) => options.push(given);
    await Promise.all([guard.ask(call), guard.ask(call)]);
    expect(options.map(({ signal }) => signal?.aborted)).toEqual([false, false]);
    expect(new Set(options.map(({ onStart }) => onStart)).size).toBe(2);
  });

  it('latency counts from the start of the run, not from the asking', async () => {
    const { clock, hold, events } = scene();
    const call = hold();
    await clock.run(240);
    call.start();
    await clock.run(30);
    call.answer('vector');
    await call.asked;
    expect(events).toEqual([expect.objectContaining({ type: 'judged', verdict: 'fast', latencyMs: 30 })]);
  });

  it('only the first start counts when a run is tried again on another thread', async () => {
    const { clock, hold, events } = scene();
    const call = hold();
    call.start();
    await clock.run(150);
    call.start();
    await clock.run(150);
    call.answer('vector');
    await call.asked;
    expect(events).toEqual([expect.objectContaining({ latencyMs: 300 })]);
  });

  it('an answer from the cache, without a start, is not counted', async () => {
    const { hold, verdicts } = scene();
    const call = hold();
    call.answer('cached');
    expect(await call.asked).toEqual({ answered: true, value: 'cached' });
    expect(verdicts()).toEqual([]);
  });

  it.each([
    [199, 'fast'],
    [200, 'between'],
    [500, 'between'],
    [501, 'slow'],
  ])('an answer after %d ms is %s', async (ms, verdict) => {
    const { takes, verdicts } = scene();
    await takes(ms);
    expect(verdicts()).toEqual([verdict]);
  });

  it('three slow calls in a row open it', async () => {
    const { guard, takes } = scene();
    for (const ms of [600, 600, 600]) await takes(ms);
    expect([guard.state, guard.breaker.isOpen]).toEqual(['open', true]);
  });

  it('a run still going after 500 ms counts as slow at that moment, and not again when it returns', async () => {
    const { clock, hold, events, verdicts } = scene();
    const call = hold();
    call.start();
    await clock.run(499);
    expect(verdicts()).toEqual([]);
    await clock.run(1);
    expect(events).toEqual([expect.objectContaining({ verdict: 'slow', latencyMs: null })]);
    await clock.run(200);
    call.answer('vector');
    expect(await call.asked).toEqual({ answered: true, value: 'vector' });
    expect(verdicts()).toEqual(['slow']);
  });

  it('a run that fails after 500 ms is not counted a second time', async () => {
    const { clock, hold, verdicts } = scene();
    const call = hold();
    call.start();
    await clock.run(600);
    call.fail(new Error('broken'));
    expect(await call.asked).toMatchObject({ reason: 'failed' });
    expect(verdicts()).toEqual(['slow']);
  });

  it('a short run is not called slow because the loop was blocked', async () => {
    const { clock, hold, verdicts } = scene();
    const call = hold();
    call.start();
    // Arrived, not yet read: the next turn of the loop would read it.
    setImmediate(() => call.answer('vector'));
    clock.advance(900);
    expect(await call.asked).toEqual({ answered: true, value: 'vector' });
    await clock.run(1000);
    expect(verdicts()).toEqual(['between']);
  });

  it('an answer read late is not slow either when the timer had no turn yet', async () => {
    const { clock, hold, verdicts } = scene();
    const call = hold();
    const now = clock.monotonic.bind(clock);
    call.start();
    clock.monotonic = () => now() + 900;
    call.answer('vector');
    await call.asked;
    expect(verdicts()).toEqual(['between']);
  });
});

describe('the errors of a call', () => {
  it.each([
    ['at once', 0],
    ['after a while', 100],
  ])('an error %s counts as slow, and the baseline answers', async (_, ms) => {
    const { clock, hold, verdicts } = scene();
    const error = new SmartSupportError('model_failed', 'The thread crashed');
    const call = hold();
    call.start();
    await clock.run(ms);
    call.fail(error);
    expect(await call.asked).toEqual({ answered: false, reason: 'failed', error });
    expect(verdicts()).toEqual(['slow']);
  });

  it('a model that fails before any start opens it, and each of these callers is answered `failed`', async () => {
    const { guard, hold } = scene();
    for (const state of ['closed', 'closed', 'open']) {
      const call = hold();
      call.fail(new Error('no thread starts'));
      expect(await call.asked).toMatchObject({ reason: 'failed' });
      expect(guard.state).toBe(state);
    }
  });

  it('an error thrown at once is like one that was rejected with', async () => {
    const { guard, verdicts } = scene();
    const error = new TypeError('not a function');
    const asked = guard.ask((): Promise<string> => {
      throw error;
    });
    expect(await asked).toEqual({ answered: false, reason: 'failed', error });
    expect(verdicts()).toEqual(['slow']);
  });

  it('the same error object one call after the other is a new failure each time', async () => {
    const { guard, hold } = scene();
    const error = new Error('always the same');
    for (let times = 0; times < 3; times++) {
      const call = hold();
      call.fail(error);
      await call.asked;
    }
    expect(guard.state).toBe('open');
  });

  it('one failure of a run that ten callers share counts once', async () => {
    const { hold, verdicts } = scene();
    const calls = Array.from({ length: 10 }, hold);
    calls[0]!.start();
    const error = new Error('the one run that they all joined');
    for (const call of calls) call.fail(error);
    for (const call of calls) expect(await call.asked).toEqual({ answered: false, reason: 'failed', error });
    expect(verdicts()).toEqual(['slow']);
  });

  it.each(['invalid_input', 'closed'] as const)(
    "%s is the caller's own: it is passed on and not counted",
    async (code) => {
      const { hold, verdicts } = scene();
      const error = new SmartSupportError(code, 'No labels');
      const call = hold();
      call.start();
      call.fail(error);
      await expect(call.asked).rejects.toBe(error);
      expect(verdicts()).toEqual([]);
    },
  );

  it('a full queue is answered by the baseline and not counted', async () => {
    const { hold, verdicts } = scene();
    const error = new SmartSupportError('overloaded', 'Full');
    const call = hold();
    call.fail(error);
    expect(await call.asked).toEqual({ answered: false, reason: 'overloaded', error });
    expect(verdicts()).toEqual([]);
  });
});
