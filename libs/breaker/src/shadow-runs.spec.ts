import { SmartSupportError } from '@smart-support/contracts';
import { VirtualClock } from '@smart-support/testing';
import { BASELINE, guardScene, HeldModel } from '../test/guard-scene';
import { CircuitBreaker } from './circuit-breaker';
import type { ModelGuardOptions } from './model-guard';

/** A guard whose breaker has just opened; `model` holds the calls that reach the model. */
function openScene(options: Partial<ModelGuardOptions> = {}) {
  const clock = new VirtualClock();
  const scene = guardScene(clock, options);
  scene.trip();
  scene.events.length = 0;
  const model = new HeldModel();
  const ask = () => scene.guard.ask(model.call);
  return { clock, model, ask, ...scene };
}

describe('while the breaker is open', () => {
  it('callers are answered at once, however long the model takes', async () => {
    const { clock, ask, model } = openScene();
    await clock.run(1000);
    expect(await ask()).toEqual(BASELINE('breaker_open'));
    expect(await ask()).toEqual(BASELINE('breaker_open'));
    expect(model.calls.length).toBe(1);
  });

  it('the first shadow is allowed one probe time after opening', async () => {
    const { clock, ask, model } = openScene();
    await clock.run(999);
    await ask();
    expect(model.calls.length).toBe(0);
    await clock.run(1);
    await ask();
    expect(model.calls.length).toBe(1);
  });

  it('the next one is allowed one probe time after the last one began', async () => {
    const { clock, ask, model } = openScene();
    await clock.run(1000);
    await ask();
    model.calls[0]!.start();
    await clock.run(400);
    model.calls[0]!.answer('thrown away');
    await clock.run(599);
    await ask();
    expect(model.calls.length).toBe(1);
    await clock.run(1);
    await ask();
    expect(model.calls.length).toBe(2);
  });

  it('only one shadow is in flight at a time', async () => {
    const { clock, ask, model } = openScene();
    await clock.run(1000);
    await ask();
    model.calls[0]!.start();
    await clock.run(3000);
    await ask();
    expect(model.calls.length).toBe(1);
    model.calls[0]!.answer('at last');
    await clock.run(0);
    await ask();
    expect(model.calls.length).toBe(2);
  });

  it('a shadow is judged like any call, and the event says that it was one', async () => {
    const { clock, ask, model, events } = openScene();
    await clock.run(1000);
    await ask();
    await clock.run(100);
    model.calls[0]!.start();
    await clock.run(30);
    model.calls[0]!.answer('vector');
    await clock.run(0);
    expect(events).toEqual([expect.objectContaining({ verdict: 'fast', latencyMs: 30, shadow: true })]);
  });

  it('five fast shadows in a row close it, and the model answers again', async () => {
    const { clock, ask, model, guard, takes, trip } = openScene();
    for (let times = 0; times < 5; times++) {
      await clock.run(1000);
      expect(await ask()).toEqual(BASELINE('breaker_open'));
      model.calls.at(-1)!.start();
      model.calls.at(-1)!.answer('vector');
      await clock.run(0);
    }
    expect([guard.state, clock.waiting]).toEqual(['closed', 0]);
    expect(await takes(10)).toEqual({ answered: true, value: 'vector' });
    trip();
    expect(guard.state).toBe('open');
  });

  it('opened anew, it waits anew, for callers and for the idle probe', async () => {
    const { clock, breaker, ask, model, probes, trip } = openScene();
    const heal = () => {
      for (let times = 0; times < 5; times++) breaker.record({ latencyMs: 10 });
    };
    heal();
    await clock.run(60_000);
    trip();
    await ask();
    expect(model.calls.length).toBe(0);
    heal();
    await clock.run(60_000);
    trip();
    await clock.run(4999);
    expect(probes.calls.length).toBe(0);
    await clock.run(1);
    expect(probes.calls.length).toBe(1);
  });

  it.each([
    ['a failure', new Error('still broken'), ['slow']],
    ['a full queue', new SmartSupportError('overloaded', 'Full'), []],
    ['an input of one ticket', new SmartSupportError('invalid_input', 'No labels'), []],
  ])('%s in the shadow ends it and is not counted', async (_, error, judged) => {
    const { clock, ask, model, verdicts } = openScene();
    await clock.run(1000);
    expect(await ask()).toEqual(BASELINE('breaker_open'));
    model.calls[0]!.fail(error);
    await clock.run(1000);
    expect(verdicts()).toEqual(judged);
    await ask();
    expect(model.calls.length).toBe(2);
  });

  it('a call that throws at once does so in the shadow, too', async () => {
    const { clock, guard, verdicts } = openScene();
    await clock.run(1000);
    const asked = guard.ask((): Promise<string> => {
      throw new Error('not a function');
    });
    expect(await asked).toEqual(BASELINE('breaker_open'));
    expect(verdicts()).toEqual(['slow']);
  });

  it('in a storm of equal texts, which a cache answers without a run, the probe takes turns with the calls and heals it', async () => {
    const { clock, ask, model, probes, guard } = openScene();
    for (let times = 0; times < 5; times++) {
      await clock.run(1000);
      await ask();
      model.calls[times]!.answer('from the cache');
      await clock.run(1000);
      await ask();
      expect(guard.state).toBe('open');
      probes.calls[times]!.start();
      probes.calls[times]!.answer('fast');
    }
    await clock.run(0);
    expect(guard.state).toBe('closed');
  });

  it('a shadow that finds no thread in time is given up and not counted', async () => {
    const { clock, ask, model, verdicts } = openScene();
    await clock.run(1000);
    await ask();
    await clock.run(250);
    expect(model.calls[0]!.abortedFor).toMatchObject({ code: 'overloaded' });
    expect(verdicts()).toEqual([]);
    await clock.run(750);
    await ask();
    expect(model.calls.length).toBe(2);
  });

  it('closing the guard aborts a shadow that waits and leaves no timer', async () => {
    const { clock, ask, model, guard } = openScene();
    await clock.run(1000);
    await ask();
    guard.close();
    expect(model.calls[0]!.abortedFor).toMatchObject({ code: 'closed' });
    expect(clock.waiting).toBe(0);
  });
});

describe('while the breaker is open and no call comes', () => {
  it('the probe runs in the shadow after the idle time, then once in a probe time, until it has healed', async () => {
    const { clock, probes, guard, events } = openScene();
    await clock.run(4999);
    expect(probes.calls.length).toBe(0);
    await clock.run(1);
    for (let times = 1; times <= 5; times++) {
      expect([probes.calls.length, guard.state]).toEqual([times, 'open']);
      probes.calls.at(-1)!.start();
      await clock.run(50);
      probes.calls.at(-1)!.answer('vector');
      await clock.run(949);
      expect(probes.calls.length).toBe(times);
      await clock.run(1);
    }
    expect([guard.state, clock.waiting, probes.calls.length]).toEqual(['closed', 0, 5]);
    expect(events).toContainEqual(expect.objectContaining({ verdict: 'fast', latencyMs: 50, shadow: true }));
  });

  it('the probe waits for a shadow in flight', async () => {
    const { clock, ask, model, probes } = openScene();
    await clock.run(1000);
    await ask();
    model.calls[0]!.start();
    await clock.run(7000);
    expect(probes.calls.length).toBe(0);
    model.calls[0]!.answer('at last');
    await clock.run(1000);
    expect(probes.calls.length).toBe(1);
  });

  it('asking puts the probe off for another idle time', async () => {
    const { clock, ask, probes } = openScene();
    await clock.run(5000);
    expect(probes.calls.length).toBe(1);
    probes.calls[0]!.fail(new Error('still broken'));
    await clock.run(500);
    await ask();
    await clock.run(4999);
    expect(probes.calls.length).toBe(1);
    await clock.run(1);
    expect(probes.calls.length).toBe(2);
  });

  it('an idle time shorter than the probe time does not make shadows more frequent', async () => {
    const { clock, probes } = openScene({ idleProbeMs: 100, probeMs: 1000 });
    await clock.run(999);
    expect(probes.calls.length).toBe(0);
    await clock.run(1);
    expect(probes.calls.length).toBe(1);
  });

  it('a probe that fails is a slow call and no unhandled rejection', async () => {
    const { clock, probes, verdicts } = openScene();
    await clock.run(5000);
    probes.calls[0]!.fail(new Error('still broken'));
    await clock.run(0);
    expect(verdicts()).toEqual(['slow']);
  });

  it('a guard that was given an open breaker begins to probe', async () => {
    const clock = new VirtualClock();
    const json = { name: 'minilm', state: { status: 'open', openedAt: 0, fastInARow: 4 } };
    const breaker = CircuitBreaker.restore(json, { name: 'minilm', clock });
    const { guard, probes } = guardScene(clock, { breaker });
    expect(guard.state).toBe('open');
    await clock.run(5000);
    probes.calls[0]!.start();
    probes.calls[0]!.answer('vector');
    await clock.run(0);
    expect([guard.state, clock.waiting]).toEqual(['closed', 0]);
  });

  it('closing the guard ends the probing, also from within the probe', async () => {
    const { clock, guard } = openScene({ probe: async () => guard.close() });
    await clock.run(5000);
    expect(clock.waiting).toBe(0);
  });
});

describe('a listener that runs before that of the guard', () => {
  function listenFirst(reaction: (scene: ReturnType<typeof guardScene>) => void) {
    const clock = new VirtualClock();
    const breaker = new CircuitBreaker({
      name: 'minilm',
      clock,
      listener: ({ type }) => type === 'opened' && reaction(scene),
    });
    const scene = guardScene(clock, { breaker });
    return { clock, ...scene };
  }

  it('may close the guard: nothing probes', () => {
    const { clock, trip } = listenFirst(({ guard }) => guard.close());
    trip();
    expect(clock.waiting).toBe(0);
  });

  it('may ask: its call is not a shadow before the probe time is over', async () => {
    const model = new HeldModel();
    const { clock, trip } = listenFirst(({ guard }) => void guard.ask(model.call));
    await clock.run(60_000);
    trip();
    expect(model.calls.length).toBe(0);
  });

  it('may close the breaker: nothing probes', () => {
    const { clock, guard, trip } = listenFirst(({ breaker }) => {
      for (let times = 0; times < 5; times++) breaker.record({ latencyMs: 1 });
    });
    trip();
    expect([guard.state, clock.waiting]).toEqual(['closed', 0]);
  });
});
