import path from 'node:path';
import { VirtualClock } from '@smart-support/testing';
import { type ModelOptions, type PoolEvent, type TextClassificationModel, openTextClassifier } from './index';
import { ThreadHandle } from './pool/thread-handle';

const DISTILBERT = path.join(__dirname, '../fixtures/tiny-random-distilbert');
const HANG_MS = 10_000;
/** A delay that keeps a thread at its run for as long as the test wants: it is ended by {@link letGo}, or when the thread is lost. */
const HELD_MS = 600_000;

let model: TextClassificationModel;
let clock: VirtualClock;
let lost: number;
let onLost: () => void;

const run = jest.spyOn(ThreadHandle.prototype, 'runQuestion');
const runNext = jest.spyOn(ThreadHandle.prototype, 'queueQuestion');

/** Ends the injected delays that threads are in. A thread that was released is not delayed again. */
const letGo = (): void => {
  for (const thread of run.mock.contexts) thread.endInjectedDelay();
};

const open = async (options: Partial<ModelOptions> = {}): Promise<void> => {
  clock = new VirtualClock();
  lost = 0;
  onLost = () => undefined;
  const onEvent = ({ type }: PoolEvent): void => {
    if (type !== 'thread_lost') return;
    lost++;
    onLost();
  };
  const settings = { directory: DISTILBERT, threads: 1, hangMs: HANG_MS, cacheSize: 0, clock, onEvent };
  model = await openTextClassifier({ ...settings, ...options });
};
afterEach(() => {
  letGo();
  return model.close();
});

/** The outcome of a call: its scores or its error, and how often `onStart` was called. */
const follow = (text: string, signal?: AbortSignal) => {
  const call = { text, starts: 0, end: Promise.resolve<unknown>(undefined) };
  const onStart = (): void => void call.starts++;
  call.end = model.classify(text, { onStart, ...(signal ? { signal } : {}) }).then(
    ({ scores }) => scores,
    (reason: unknown) => reason,
  );
  return call;
};

/** The scores of texts that are read one after the other. */
const scoresOf = async (...texts: string[]): Promise<unknown[]> => {
  const all: unknown[] = [];
  for (const text of texts) all.push(await follow(text).end);
  return all;
};

/** Blocks this thread, so that it reads no messages of the others, which go on. */
const blockFor = (milliseconds: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/** Two calls of which the second starts before its owner reads messages. */
const startUnobserved = (signal?: AbortSignal) => {
  const calls = [follow('first'), follow('second', signal)] as const;
  const { shared } = runNext.mock.results.at(-1)?.value as ReturnType<ThreadHandle['queueQuestion']>;
  // Acquiring a claim sends no message. The wait has a limit, or a missing start would block the test for ever.
  for (let looks = 0; Atomics.load(new Int32Array(shared), 0) === 0 && looks < 100_000; looks++) blockFor(1);
  return calls;
};

describe('a text that a busy thread was handed ahead', () => {
  it('waits, and calls `onStart` when the run before it is over', async () => {
    await open();
    const first = model.classify('first');
    const second = follow('second');
    const timings = model.classify('third').then((report) => report.timings);
    expect([second.starts, model.stats().waiting, model.stats().threads.busy]).toEqual([0, 2, 1]);
    clock.advance(700);
    await expect(first).resolves.toMatchObject({ timings: { queue_ms: 0 } });
    expect([second.starts, model.stats().waiting]).toEqual([1, 1]);
    clock.advance(50);
    await expect(timings).resolves.toMatchObject({ queue_ms: 750 });
    await second.end;
  });

  it('is watched for as long as any other, from its start on', async () => {
    await open();
    const [first, second] = [follow('first'), follow('second')];
    clock.advance(HANG_MS - 1);
    await first.end;
    model.injectFault({ delayMs: HELD_MS });
    const third = follow('third');
    clock.advance(HANG_MS - 1);
    await second.end;
    expect(lost).toBe(0);
    clock.advance(HANG_MS);
    expect(lost).toBe(1);
    model.injectFault(null);
    await third.end;
  });

  it('meets the fault that is set when it starts, not when it was handed over', async () => {
    await open();
    const [well] = await scoresOf('first');
    model.injectFault({ delayMs: HELD_MS });
    const calls = [follow('first'), follow('second')];
    model.injectFault({ error: 'fail' });
    letGo();
    const [first, second] = await Promise.all(calls.map(({ end }) => end));
    expect([first, second]).toEqual([well, expect.objectContaining({ code: 'model_failed' })]);
  });

  it('is refused when the model closes', async () => {
    await open();
    model.injectFault({ delayMs: HELD_MS });
    const [first, second] = [follow('first'), follow('second')];
    const closed = model.close();
    expect(await second.end).toMatchObject({ code: 'closed' });
    letGo();
    expect([await first.end, second.starts]).toEqual([expect.not.objectContaining({ code: 'closed' }), 0]);
    await closed;
  });
});

describe('a text handed ahead that is aborted', () => {
  const gone = new Error('the client is gone');

  it('is reclaimed, and no thread runs it', async () => {
    await open();
    const [well, alsoWell] = await scoresOf('first', 'third');
    model.injectFault({ delayMs: HELD_MS });
    const abort = new AbortController();
    const [first, second] = [follow('first'), follow('second', abort.signal)];
    abort.abort(gone);
    const third = follow('third');
    expect(model.stats().waiting).toBe(1);
    letGo();
    expect(await Promise.all([first.end, second.end, third.end])).toEqual([well, gone, alsoWell]);
    expect([second.starts, model.stats().runs]).toEqual([0, 4]);
  });

  it('calls `onStart` and is answered when the thread had begun it already', async () => {
    await open();
    const [, answer] = await scoresOf('first', 'second');
    const abort = new AbortController();
    const [first, second] = startUnobserved(abort.signal);
    expect(second.starts).toBe(0);
    abort.abort(gone);
    expect(second.starts).toBe(1);
    expect(await second.end).toEqual(answer);
    await first.end;
    expect([second.starts, model.stats().runs]).toEqual([1, 4]);
  });

  it('either never runs or is answered, whenever the abort comes', async () => {
    await open();
    const [well, alsoWell] = await scoresOf('first', 'second');
    const before = model.stats().runs;
    let answered = 0;
    for (let round = 0; round < 300; round++) {
      const abort = new AbortController();
      const [first, second] = [follow('first'), follow('second', abort.signal)];
      blockFor(round / 100);
      abort.abort(gone);
      expect(await first.end).toEqual(well);
      expect(await second.end).toEqual(second.starts === 1 ? alsoWell : gone);
      answered += 1 + second.starts;
    }
    expect(model.stats()).toMatchObject({ runs: before + answered, waiting: 0, threads: { busy: 0 } });
  });
});

describe('a text handed ahead to a thread that is lost', () => {
  it('in a crash goes to the front of the line, and no try of it counts', async () => {
    await open();
    model.injectFault({ error: 'crash' });
    // Both tries of the first, then the first try of the second.
    onLost = () => {
      if (lost === 3) model.injectFault(null);
    };
    const order: string[] = [];
    const calls = ['first', 'second', 'third'].map((text) => {
      const call = follow(text);
      void call.end.then(() => order.push(text));
      return call;
    });
    const ends = await Promise.all(calls.map(({ end }) => end));
    const answer = expect.not.objectContaining({ code: expect.anything() as unknown }) as unknown;
    expect(ends).toEqual([expect.objectContaining({ code: 'model_failed' }), answer, answer]);
    expect([order, lost]).toEqual([['first', 'second', 'third'], 3]);
    expect(calls.map(({ starts }) => starts)).toEqual([1, 1, 1]);
  });

  it('in a hang goes to the front of the line, too', async () => {
    await open();
    const answers = await scoresOf('first', 'second', 'third');
    model.injectFault({ delayMs: HELD_MS });
    const calls = [follow('first'), follow('second'), follow('third')];
    model.injectFault(null);
    clock.advance(HANG_MS);
    expect([model.stats().waiting, calls.map(({ starts }) => starts)]).toEqual([3, [1, 0, 0]]);
    expect(await Promise.all(calls.map(({ end }) => end))).toEqual(answers);
    expect([lost, model.stats().runs, calls.map(({ starts }) => starts)]).toEqual([1, 6, [1, 1, 1]]);
  });

  it('does not come with a thread whose answer was only read late: that one does not hang', async () => {
    await open();
    const answers = await scoresOf('first', 'second');
    const calls = startUnobserved();
    clock.advance(HANG_MS);
    expect(calls[1].starts).toBe(1);
    expect(await Promise.all(calls.map(({ end }) => end))).toEqual(answers);
    expect([lost, calls[1].starts]).toEqual([0, 1]);
  });
});

describe('a text does not wait behind another', () => {
  it('while a thread is idle', async () => {
    await open({ threads: 3 });
    const calls = [follow('first'), follow('second'), follow('third')];
    expect([calls.map(({ starts }) => starts), model.stats().waiting]).toEqual([[1, 1, 1], 0]);
    await Promise.all(calls.map(({ end }) => end));
  });

  it('that takes long, once a thread is idle', async () => {
    await open({ threads: 2 });
    model.injectFault({ delayMs: HELD_MS });
    const long = follow('long');
    model.injectFault(null);
    const others = ['1', '2', '3'].map((text) => follow(text));
    expect(model.stats()).toMatchObject({ waiting: 2, threads: { busy: 2 } });
    await Promise.all(others.map(({ end }) => end));
    expect(model.stats()).toMatchObject({ runs: 3, threads: { busy: 1 } });
    letGo();
    await long.end;
  });
});

describe('hundreds of texts at once', () => {
  it.each([1, 2])(
    'give every caller the answer to its own text, even if others give up, on %d threads',
    async (threads) => {
      await open({ threads, maxWaiting: 1000 });
      const texts = Array.from({ length: 300 }, (_, n) => `ticket ${n} about invoice ${(n * 7919) % 1000}`);
      const alone = await scoresOf(...texts);
      const gone = new Error('gave up');
      const calls = texts.map((text, n) => {
        if (n % 3 > 0) return follow(text);
        const abort = new AbortController();
        const call = follow(text, abort.signal);
        // While others run, in an order that has nothing to do with theirs.
        void follow(`${text} again`).end.then(() => abort.abort(gone));
        return call;
      });
      const answers = await Promise.all(calls.map(({ end }) => end));
      answers.forEach((answer, n) => {
        if (answer !== gone) expect(answer).toEqual(alone[n]);
        else expect([n % 3, calls[n]?.starts]).toEqual([0, 0]);
      });
      expect(lost).toBe(0);
    },
  );
});
