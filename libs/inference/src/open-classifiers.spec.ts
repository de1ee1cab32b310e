import path from 'node:path';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { type ZeroShotModel, openTextClassifier, openZeroShotClassifier } from './index';

const DISTILBERT = path.join(__dirname, '../fixtures/tiny-random-distilbert');
const BART = path.join(__dirname, '../fixtures/tiny-random-bart-mnli');

describe('a model opened for the wrong task', () => {
  it('is refused when it has no labels', async () => {
    await expect(openTextClassifier({ directory: MODEL_DIRECTORY })).rejects.toThrow(/config\.json has no id2label/);
  });

  it('is refused when none of its labels is entailment', async () => {
    await expect(openZeroShotClassifier({ directory: DISTILBERT })).rejects.toThrow(
      /config\.json has the labels Billing, Technical, Legal; expected those of an NLI model/,
    );
  });

  it('is refused when its network has another number of labels', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'classifier-'));
    cpSync(DISTILBERT, directory, { recursive: true });
    const config = JSON.parse(readFileSync(path.join(directory, 'config.json'), 'utf8')) as object;
    writeFileSync(path.join(directory, 'config.json'), JSON.stringify({ ...config, id2label: { 0: 'a', 1: 'b' } }));
    await expect(openTextClassifier({ directory, threads: 1 })).rejects.toThrow(/3 logits/);
    rmSync(directory, { recursive: true });
  });
});

describe('a zero-shot question', () => {
  let model: ZeroShotModel;
  beforeAll(async () => {
    model = await openZeroShotClassifier({ directory: BART, threads: 1, maxWaiting: 5 });
  });
  afterAll(() => model.close());

  it.each([
    ['without labels', { labels: [] }],
    ['with an empty label', { labels: ['a', ' '] }],
    ['with a label twice', { labels: ['a', 'a'] }],
    ['without a place for the label', { labels: ['a'], hypothesis: 'This is urgent.' }],
    ['with a hypothesis that the model cannot read', { labels: ['very '.repeat(200)] }],
  ])('%s is refused', async (_, question) => {
    await expect(model.classify('down', question)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('may have labels of any name, which go into the hypothesis as they are', async () => {
    const { scores } = await model.classify('down', { labels: ['__proto__', "$& $' {}"], hypothesis: 'It is {} now' });
    expect(Object.keys(scores)).toEqual(['__proto__', "$& $' {}"]);
    expect(Object.values(scores).reduce((a, b) => a + b)).toBeCloseTo(1, 9);
  });

  it('shares the runs of labels that were asked before', async () => {
    const first = await model.classify('server down', { labels: ['x', 'y'] });
    const again = await model.classify('server down', { labels: ['y', 'x'] });
    const wider = await model.classify('server down', { labels: ['y', 'x', 'z'] });
    expect([first.cached, again.cached, wider.cached]).toEqual([false, true, false]);
    expect(again.scores).toEqual({ y: first.scores['y'], x: first.scores['x'] });
    expect(again.timings).toEqual({ queue_ms: 0, tokenise_ms: 0, inference_ms: 0 });
  });

  it('is refused whole when not all of its labels fit into the queue', async () => {
    const before = model.stats().runs;
    const labels = Array.from({ length: 7 }, (_, n) => `label ${n}`);
    await expect(model.classify('too much', { labels })).rejects.toMatchObject({ code: 'overloaded' });
    expect(model.stats()).toMatchObject({ waiting: 0, runs: before });
    await expect(model.classify('just right', { labels: labels.slice(1) })).resolves.toMatchObject({ cached: false });
  });

  it('gives up the labels that still wait when it is aborted, and says once that it started', async () => {
    const abort = new AbortController();
    let starts = 0;
    const asked = model.classify(
      'abort me',
      { labels: ['1', '2', '3'] },
      { signal: abort.signal, onStart: () => starts++ },
    );
    expect(model.stats()).toMatchObject({ waiting: 2, threads: { busy: 1 } });
    abort.abort(new Error('changed my mind'));
    await expect(asked).rejects.toThrow('changed my mind');
    expect([model.stats().waiting, starts]).toEqual([0, 1]);
  });
});
