import { appendFileSync, cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { VirtualClock } from '@smart-support/testing';
import { type ModelOptions, type PoolEvent, type TextClassificationModel, openTextClassifier } from './index';
import { ThreadHandle } from './pool/thread-handle';
import { ThreadPool } from './pool/thread-pool';
import { NativeGate } from './shared-memory/native-gate';

const DISTILBERT = path.join(__dirname, '../fixtures/tiny-random-distilbert');
const HANG_MS = 10_000;
/** An injected hang, which {@link letGo} or the end of the fault ends. */
const HELD_MS = 600_000;

let model: TextClassificationModel;
let clock: VirtualClock;
let events: PoolEvent[];
let listeners: (() => void)[];

const run = jest.spyOn(ThreadHandle.prototype, 'runQuestion');

/** Brings threads back that hang. */
const letGo = (): void => {
  for (const thread of run.mock.contexts) thread.endInjectedDelay();
};

const open = async (options: Partial<ModelOptions> = {}): Promise<TextClassificationModel> => {
  clock = new VirtualClock();
  events = [];
  listeners = [];
  const onEvent = (event: PoolEvent): void => {
    events.push(event);
    for (const listener of listeners) listener();
  };
  model = await openTextClassifier({ directory: DISTILBERT, threads: 1, hangMs: HANG_MS, clock, onEvent, ...options });
  return model;
};
afterEach(() => {
  letGo();
  return model.close();
});

const typesOf = (): string[] =>
  events.map((event) => ('reason' in event ? `${event.type} ${event.reason}` : event.type));

/** Waits until so many events of a type have come. */
const seen = (type: PoolEvent['type'], times = 1): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (events.filter((event) => event.type === type).length >= times) resolve();
    };
    listeners.push(look);
    look();
  });

/** Starts a call and waits until a thread has it. */
const started = async (text: string): Promise<{ readonly answer: Promise<unknown> }> => {
  let answer: Promise<unknown> | undefined;
  await new Promise<void>((resolve) => {
    answer = model.classify(text, { onStart: resolve });
    answer.catch(() => undefined);
  });
  return { answer: answer as Promise<unknown> };
};

describe('a thread that crashes in a run', () => {
  it('is replaced, and its text is answered by another', async () => {
    await open();
    model.injectFault({ error: 'crash' });
    const { answer } = await started('server down');
    model.injectFault(null);
    await expect(answer).resolves.toMatchObject({ cached: false });
    expect(typesOf()).toEqual(['thread_lost crashed', 'thread_replaced']);
    expect(model.stats()).toMatchObject({ runs: 1, failed: 0, threads: { ready: 1, busy: 0, replaced: 1 } });
  });

  it('fails its text when another crashes over it too, and the pool goes on', async () => {
    await open({ threads: 2 });
    model.injectFault({ error: 'crash' });
    await expect(model.classify('poison')).rejects.toMatchObject({ code: 'model_failed', retryable: true });
    model.injectFault(null);
    await expect(model.classify('server down')).resolves.toMatchObject({ cached: false });
    await seen('thread_replaced', 2);
    expect(model.stats()).toMatchObject({ runs: 1, failed: 1, waiting: 0, threads: { ready: 2, replaced: 2 } });
  });

  it('loses none of the texts that wait', async () => {
    await open();
    model.injectFault({ error: 'crash' });
    const { answer } = await started('first');
    const others = ['second', 'third'].map((text) => model.classify(text));
    model.injectFault(null);
    await expect(Promise.all([answer, ...others])).resolves.toHaveLength(3);
  });
});

describe('a run that the runtime refuses', () => {
  it('fails its text once and costs no thread', async () => {
    await open();
    model.injectFault({ error: 'fail' });
    await expect(model.classify('server down')).rejects.toMatchObject({ code: 'model_failed' });
    model.injectFault(null);
    await expect(model.classify('server down')).resolves.toMatchObject({ cached: false });
    expect([typesOf(), model.stats().failed, model.stats().runs]).toEqual([[], 1, 1]);
  });
});

describe('a thread that hangs', () => {
  it('is replaced, and its text is answered by another', async () => {
    await open();
    model.injectFault({ delayMs: HELD_MS });
    const { answer } = await started('server down');
    model.injectFault(null);
    clock.advance(HANG_MS - 1);
    expect(events).toEqual([]);
    clock.advance(1);
    expect(model.stats().threads).toMatchObject({ ready: 0, starting: 1, abandoned: 1 });
    await expect(answer).resolves.toMatchObject({ cached: false });
    expect(typesOf()).toEqual(['thread_lost hung', 'thread_replaced']);
  });

  it('fails its text when another hangs over it too', async () => {
    await open({ threads: 2 });
    model.injectFault({ delayMs: HELD_MS });
    const { answer } = await started('poison');
    clock.advance(HANG_MS);
    model.injectFault(null);
    clock.advance(HANG_MS);
    await expect(answer).rejects.toMatchObject({ code: 'model_failed', message: /lost 2 threads/ as unknown });
    await expect(model.classify('server down')).resolves.toMatchObject({ cached: false });
  });

  describe('inside of the network, like another before it,', () => {
    beforeEach(async () => {
      // A thread that has not got there yet when it is given up would be ended at once.
      const condemn = jest.spyOn(NativeGate.prototype, 'condemn').mockReturnValue(false);
      await open();
      model.injectFault({ delayMs: HELD_MS });
      const { answer } = await started('poison');
      clock.advance(HANG_MS);
      await seen('thread_replaced');
      clock.advance(HANG_MS);
      condemn.mockRestore();
      await expect(answer).rejects.toMatchObject({ code: 'model_failed' });
    });

    it('is not replaced any more; calls fail instead of waiting, until one comes back', async () => {
      expect(model.stats().threads).toMatchObject({ ready: 0, starting: 0, abandoned: 2, replaced: 1 });
      await expect(model.classify('server down')).rejects.toMatchObject({ code: 'model_failed' });
      letGo();
      await seen('thread_replaced', 2);
      model.injectFault(null);
      await expect(model.classify('server down')).resolves.toMatchObject({ cached: false });
    });

    it('by an injected delay comes back when the fault ends, however long the delay, so that new ones can start', async () => {
      model.injectFault(null);
      await seen('thread_replaced', 2);
      await expect(model.classify('server down')).resolves.toMatchObject({ cached: false });
    });
  });

  it('in its tokenizer is really ended', async () => {
    const directory = path.join(mkdtempSync(path.join(tmpdir(), 'hang-')), 'model');
    cpSync(DISTILBERT, directory, { recursive: true });
    const file = path.join(directory, 'tokenizer.json');
    const tokenizer = JSON.parse(readFileSync(file, 'utf8')) as object;
    // Takes time that doubles with each letter.
    const endless = { type: 'Split', pattern: { Regex: '(?:(?:a+)+b|[^a]+)' }, behavior: 'Isolated', invert: false };
    writeFileSync(file, JSON.stringify({ ...tokenizer, pre_tokenizer: endless }));
    await open({ directory });
    const terminate = jest.spyOn(Worker.prototype, 'terminate');
    const { answer } = await started('a'.repeat(60));
    clock.advance(HANG_MS);
    await seen('thread_replaced');
    clock.advance(HANG_MS);
    await expect(answer).rejects.toMatchObject({ code: 'model_failed' });
    await seen('thread_replaced', 2);
    await expect(model.classify('server')).resolves.toMatchObject({ cached: false });
    await Promise.all(terminate.mock.results.map(({ value }) => value as Promise<number>));
    terminate.mockRestore();
    expect(model.stats().threads).toMatchObject({ ready: 1, abandoned: 0 });
    rmSync(path.dirname(directory), { recursive: true });
  });
});

describe('threads that cannot be replaced', () => {
  it('let calls fail at once, are tried again, and heal when the files are back', async () => {
    const directory = path.join(mkdtempSync(path.join(tmpdir(), 'heal-')), 'model');
    cpSync(DISTILBERT, directory, { recursive: true });
    await open({ directory });
    renameSync(path.join(directory, 'onnx'), path.join(directory, 'away'));
    model.injectFault({ error: 'crash' });
    const { answer } = await started('server down');
    const waiting = model.classify('also down');
    waiting.catch(() => undefined);
    model.injectFault(null);
    await expect(answer).rejects.toMatchObject({ code: 'model_failed', message: /no thread left/ as unknown });
    await expect(waiting).rejects.toMatchObject({ code: 'model_failed' });
    await expect(model.classify('still down')).rejects.toMatchObject({ code: 'model_failed' });
    expect(typesOf()).toEqual(['thread_lost crashed', 'thread_failed_to_start']);
    expect(events[1]).toMatchObject({ error: { code: 'invalid_model' } });

    clock.advance(1000);
    expect(model.stats().threads).toMatchObject({ ready: 0, starting: 1 });
    const meanwhile = model.classify('still down');
    expect(model.stats().waiting).toBe(0);
    await expect(meanwhile).rejects.toMatchObject({ code: 'model_failed' });
    await seen('thread_failed_to_start', 2);
    renameSync(path.join(directory, 'away'), path.join(directory, 'onnx'));
    clock.advance(2000);
    await seen('thread_replaced');
    await expect(model.classify('still down')).resolves.toMatchObject({ cached: false });
    rmSync(path.dirname(directory), { recursive: true });
  });

  it('because the files were changed underneath do not load what is there now', async () => {
    const directory = path.join(mkdtempSync(path.join(tmpdir(), 'changed-')), 'model');
    cpSync(DISTILBERT, directory, { recursive: true });
    await open({ directory });
    // Loads as well as before, but is another file: an unknown field at the end of a protocol buffer is skipped.
    appendFileSync(path.join(directory, 'onnx/model.onnx'), Buffer.from([0xa0, 0x06, 0x01]));
    model.injectFault({ error: 'crash' });
    const { answer } = await started('server down');
    model.injectFault(null);
    await expect(answer).rejects.toMatchObject({ code: 'model_failed' });
    expect(events.at(-1)).toMatchObject({
      type: 'thread_failed_to_start',
      error: { code: 'invalid_model', message: expect.stringContaining('has changed') as unknown },
    });
    rmSync(path.dirname(directory), { recursive: true });
  });

  it('do not stop the ones that are left', async () => {
    const directory = path.join(mkdtempSync(path.join(tmpdir(), 'half-')), 'model');
    cpSync(DISTILBERT, directory, { recursive: true });
    await open({ directory, threads: 2 });
    rmSync(path.join(directory, 'onnx'), { recursive: true });
    model.injectFault({ error: 'crash' });
    const { answer } = await started('server down');
    model.injectFault(null);
    await expect(answer).resolves.toMatchObject({ cached: false });
    await seen('thread_failed_to_start');
    await expect(model.classify('still up')).resolves.toMatchObject({ cached: false });
    expect(model.stats().threads).toMatchObject({ ready: 1, starting: 0 });
    rmSync(path.dirname(directory), { recursive: true });
  });

  it('stop the opening when there is no thread file at all', async () => {
    await open();
    const settings = { directory: DISTILBERT, onnxFile: 'onnx/model.onnx', fingerprints: {}, maxTokens: 128 } as const;
    const source = {
      threadFile: path.join(DISTILBERT, 'thread.js'),
      settings: { ...settings, task: { type: 'logits', outputs: 3, pairs: false } as const },
    };
    const limits = { threads: 2, maxWaiting: 1, hangMs: HANG_MS, clock, onEvent: () => undefined };
    await expect(ThreadPool.open({ source, ...limits })).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringMatching(/thread\.js/) as unknown,
    });
  });
});

describe('what observes the pool', () => {
  it('may throw without harm', async () => {
    const onEvent = (): never => {
      throw new Error('not our fault');
    };
    await open({ onEvent });
    model.injectFault({ error: 'crash' });
    const { answer } = await started('server down');
    model.injectFault(null);
    await expect(answer).resolves.toMatchObject({ cached: false });
  });

  it.each([{ delayMs: '5' }, { error: 'bogus' }])('cannot be injected: %p', async (fault) => {
    await open();
    expect(() => model.injectFault(fault as never)).toThrow(
      expect.objectContaining({ code: 'invalid_input' }) as Error,
    );
  });

  it.each([-1, Number.NaN, 600_001])('cannot be a delay of %p ms', async (delayMs) => {
    await open();
    expect(() => model.injectFault({ delayMs })).toThrow(expect.objectContaining({ code: 'invalid_input' }) as Error);
  });
});

describe('closing', () => {
  it('lets the run in flight finish, refuses what waits and what comes', async () => {
    await open();
    model.injectFault({ delayMs: HELD_MS });
    const { answer } = await started('first');
    const waiting = model.classify('second');
    waiting.catch(() => undefined);
    const closed = model.close();
    await expect(model.classify('third')).rejects.toMatchObject({ code: 'closed' });
    await expect(waiting).rejects.toMatchObject({ code: 'closed' });
    letGo();
    await expect(answer).resolves.toMatchObject({ cached: false });
    await closed;
    await expect(model.classify('first')).rejects.toMatchObject({ code: 'closed' });
    await expect(model.health()).rejects.toMatchObject({ code: 'closed' });
    expect(model.stats().threads).toMatchObject({ ready: 0, busy: 0, starting: 0 });
  });

  it('twice is the same as once', async () => {
    await open();
    await Promise.all([model.close(), model.close()]);
    await model.close();
    expect(clock.waiting).toBe(0);
  });

  it('does not wait for a thread that hangs longer than that counts as hung', async () => {
    await open();
    model.injectFault({ delayMs: HELD_MS });
    const { answer } = await started('server down');
    const closed = model.close();
    clock.advance(HANG_MS);
    await closed;
    await expect(answer).rejects.toMatchObject({ code: 'closed' });
    expect(events.filter(({ type }) => type !== 'thread_lost')).toEqual([]);
  });

  it('ends threads that are only being started', async () => {
    await open();
    model.injectFault({ error: 'crash' });
    const { answer } = await started('server down');
    await seen('thread_lost');
    expect(model.stats().threads.starting).toBe(1);
    await model.close();
    await expect(answer).rejects.toMatchObject({ code: 'closed' });
    expect(model.stats().threads).toMatchObject({ ready: 0, starting: 0 });
  });
});
