import path from 'node:path';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { VirtualClock } from '@smart-support/testing';
import { openEmbedder, openTextClassifier, type ModelOptions, type TextClassificationModel } from './index';
import { ThreadHandle } from './pool/thread-handle';

const DISTILBERT = path.join(__dirname, '../fixtures/tiny-random-distilbert');

let model: TextClassificationModel | undefined;
const open = async (options: Partial<ModelOptions> = {}): Promise<TextClassificationModel> => {
  model = await openTextClassifier({ directory: DISTILBERT, threads: 1, clock: new VirtualClock(), ...options });
  return model;
};

/** A delay that keeps a thread at its run for as long as the test wants: it is ended by {@link letGo}. */
const HELD_MS = 600_000;
const run = jest.spyOn(ThreadHandle.prototype, 'runQuestion');
const letGo = (): void => {
  for (const thread of run.mock.contexts) thread.endInjectedDelay();
};
afterEach(() => {
  letGo();
  return model?.close();
});

const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (reason: unknown) => reason,
  );

describe('equal texts', () => {
  it('share one run while it is on its way, and its answer afterwards', async () => {
    const { classify, stats } = await open();
    let starts = 0;
    const onStart = (): void => void starts++;
    const texts = ['Server down', 'server   DOWN', 'sérver down ', 'server down'];
    const answers = await Promise.all(texts.map((text) => classify(text, { onStart })));
    const later = await classify('SERVER DOWN', { onStart });
    expect(answers.map(({ cached }) => cached)).toEqual([false, true, true, true]);
    expect(answers.every(({ scores }) => scores['Legal'] === later.scores['Legal'])).toBe(true);
    expect(later).toMatchObject({ cached: true, timings: { queue_ms: 0, tokenise_ms: 0, inference_ms: 0 } });
    expect(stats()).toMatchObject({ runs: 1, joined: 3, cacheHits: 1, kept: 1 });
    expect(starts).toBe(1);
  });

  it('share only what is on its way when nothing is kept', async () => {
    const { classify, stats } = await open({ cacheSize: 0 });
    await Promise.all([classify('down'), classify('down')]);
    await classify('down');
    expect(stats()).toMatchObject({ runs: 2, joined: 1, cacheHits: 0, kept: 0 });
  });

  it('are kept in a bounded number', async () => {
    const { classify, stats } = await open({ cacheSize: 3 });
    for (const text of ['1', '2', '3', '4', '4', '1']) await classify(text);
    expect(stats()).toMatchObject({ kept: 3, runs: 5, cacheHits: 1 });
  });

  it('get separate vectors: one caller cannot change those of others', async () => {
    const embedder = await openEmbedder({ directory: MODEL_DIRECTORY, threads: 1, clock: new VirtualClock() });
    const [one, two] = await Promise.all([embedder.embed('down'), embedder.embed('down')]);
    const before = [...two.vector];
    one.vector.fill(0);
    expect([...two.vector]).toEqual(before);
    two.vector.fill(7);
    expect([...(await embedder.embed('down')).vector]).toEqual(before);
    await embedder.close();
  });

  it('fail together when their run fails, and the failure is not kept', async () => {
    const { classify, injectFault } = await open();
    injectFault({ error: 'fail' });
    const failures = await Promise.all([reasonOf(classify('down')), reasonOf(classify('DOWN'))]);
    expect(failures).toEqual(failures.map(() => expect.objectContaining({ code: 'model_failed' }) as unknown));
    injectFault(null);
    await expect(classify('down')).resolves.toMatchObject({ cached: false });
  });

  it('do not include the health check, which always runs', async () => {
    const { health, stats } = await open();
    let starts = 0;
    await Promise.all([health({ onStart: () => starts++ }), health({ onStart: () => starts++ })]);
    expect(await health()).toMatchObject({ cached: false, truncated: false });
    expect([starts, stats().runs, stats().kept]).toEqual([2, 3, 0]);
  });
});

describe('more texts than can wait', () => {
  it('are refused at once, and none is lost', async () => {
    const { classify, stats } = await open({ threads: 2, maxWaiting: 100 });
    const calls = Array.from({ length: 10_000 }, (_, n) => reasonOf(classify(`ticket ${n}`)));
    expect(stats().waiting).toBe(100);
    const outcomes = await Promise.all(calls);
    const refused = outcomes.filter((outcome) => outcome !== 'answered');
    expect(refused).toHaveLength(9898);
    expect(refused[0]).toMatchObject({ code: 'overloaded', retryable: true });
    expect(stats()).toMatchObject({ waiting: 0, runs: 102, refused: 9898, threads: { busy: 0 } });
  });

  it('are let in when they are equal to one that waits', async () => {
    const { classify } = await open({ maxWaiting: 0 });
    const first = classify('down');
    await expect(classify('other')).rejects.toMatchObject({ code: 'overloaded' });
    await expect(Promise.all([first, classify('down')])).resolves.toHaveLength(2);
  });

  it('are answered in the order in which they came', async () => {
    const { classify } = await open();
    const order: number[] = [];
    await Promise.all(Array.from({ length: 20 }, (_, n) => classify(`${n}`, { onStart: () => order.push(n) })));
    expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });
});

describe('a call that is aborted', () => {
  const gone = new Error('the client is gone');

  it('before it begins never gets anywhere', async () => {
    const { classify, stats } = await open();
    const signal = AbortSignal.abort(gone);
    expect(await reasonOf(classify('down', { signal }))).toBe(gone);
    expect(stats()).toMatchObject({ runs: 0, waiting: 0 });
  });

  it('while it waits leaves the line, and no thread runs it', async () => {
    const { classify, injectFault, stats } = await open();
    injectFault({ delayMs: HELD_MS });
    const abort = new AbortController();
    const first = classify('first');
    const waiting = reasonOf(classify('second', { signal: abort.signal }));
    expect(stats().waiting).toBe(1);
    abort.abort(gone);
    expect(stats().waiting).toBe(0);
    expect(await waiting).toBe(gone);
    letGo();
    await first;
    expect(stats().runs).toBe(1);
    await expect(classify('second')).resolves.toMatchObject({ cached: false });
  });

  it('while it runs is answered all the same', async () => {
    const { classify } = await open();
    const abort = new AbortController();
    const running = reasonOf(classify('down', { signal: abort.signal, onStart: () => abort.abort(gone) }));
    expect(await running).toBe('answered');
  });

  it('calls `onJoin` of calls that share a run once it is under way, and `onStart` of its owner only', async () => {
    const { classify } = await open();
    const called: string[] = [];
    const call = (name: string) =>
      classify('the server is down', {
        onStart: () => void called.push(`${name} started`),
        onJoin: () => void called.push(`${name} joined`),
      });
    await Promise.all([call('first'), call('second')]);
    expect(called.sort()).toEqual(['first started', 'second joined']);
  });

  it('does not take the run from those who joined it', async () => {
    const { classify, stats } = await open();
    const [owner, guest] = [new AbortController(), new AbortController()];
    const first = classify('first');
    const calls = [
      reasonOf(classify('shared', { signal: owner.signal })),
      reasonOf(classify('shared', { signal: guest.signal })),
      reasonOf(classify('shared')),
    ];
    owner.abort(gone);
    guest.abort(gone);
    expect(stats().waiting).toBe(1);
    expect(await Promise.all(calls)).toEqual([gone, gone, 'answered']);
    await first;
  });

  it('takes the run with it when it was the last one that wanted it', async () => {
    const { classify, injectFault, stats } = await open();
    injectFault({ delayMs: HELD_MS });
    const abort = new AbortController();
    const first = classify('first');
    const calls = [1, 2, 3].map(() => reasonOf(classify('shared', { signal: abort.signal })));
    abort.abort(gone);
    expect(stats().waiting).toBe(0);
    expect(await Promise.all(calls)).toEqual([gone, gone, gone]);
    letGo();
    await first;
    expect(stats().runs).toBe(1);
  });

  it('leaves no listener behind, and hundreds of calls may share one signal', async () => {
    const { classify } = await open({ maxWaiting: 500 });
    const { signal } = new AbortController();
    const add = jest.spyOn(signal, 'addEventListener');
    const remove = jest.spyOn(signal, 'removeEventListener');
    await Promise.all(Array.from({ length: 300 }, (_, n) => classify(`${n}`, { signal })));
    // One for the call that ran at once, one for all that had to wait.
    expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([2, 2]);
  });
});

describe('a fault of the caller', () => {
  it('in onStart does not reach the run', async () => {
    const { classify } = await open();
    const onStart = (): never => {
      throw new Error('not our fault');
    };
    await expect(classify('down', { onStart })).resolves.toMatchObject({ cached: false });
  });

  it('may ask for more in onStart', async () => {
    const { classify } = await open();
    let inner: Promise<unknown> | undefined;
    await classify('outer', { onStart: () => (inner = classify('inner')) });
    await expect(inner).resolves.toMatchObject({ cached: false });
  });

  it('who does not pass text gets a sentence', async () => {
    const { classify } = await open();
    await expect(classify(undefined as unknown as string)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
