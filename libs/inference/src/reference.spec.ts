import { readFileSync } from 'node:fs';
import path from 'node:path';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { VirtualClock } from '@smart-support/testing';
import { type EmbeddingModel, openEmbedder, openTextClassifier, openZeroShotClassifier } from './index';

const FIXTURES = path.join(__dirname, '../fixtures');
/** Stands still: however busy the machine, no run counts as hung. */
const clock = new VirtualClock();
const reference = <T>(directory: string): T =>
  JSON.parse(readFileSync(path.join(directory, 'reference.json'), 'utf8')) as T;

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
};
const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

function expectClose(found: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [label, score] of Object.entries(expected)) expect(Math.abs(found[label]! - score)).toBeLessThan(1e-4);
}

describe('all-MiniLM-L6-v2', () => {
  interface Case {
    readonly text: string;
    readonly input_ids: readonly number[];
    readonly embedding_fp32: readonly number[];
    readonly cosine_int8_to_fp32: number;
  }
  const { cases } = reference<{ cases: readonly Case[] }>(path.dirname(MODEL_DIRECTORY));
  let model: EmbeddingModel;
  beforeAll(async () => {
    model = await openEmbedder({ directory: MODEL_DIRECTORY, threads: 2, maxWaiting: 1000, clock });
  });
  afterAll(() => model.close());

  it('says what it is', () => {
    expect(model).toMatchObject({ name: 'all-MiniLM-L6-v2', version: '081d09b0ecae', dimensions: 384, maxTokens: 256 });
  });

  it('gives vectors as near to the fp32 model of sentence-transformers as the reference says', async () => {
    for (const { text, input_ids, embedding_fp32, cosine_int8_to_fp32 } of cases) {
      const { vector, tokens, truncated } = await model.embed(text);
      expect(cosine(vector, embedding_fp32)).toBeGreaterThan(cosine_int8_to_fp32 - 1e-3);
      expect(dot(vector, vector)).toBeCloseTo(1, 3);
      expect([tokens, truncated]).toEqual([
        input_ids.length,
        text.startsWith('long long') || text.startsWith('The invoice is wrong.'),
      ]);
    }
    expect(cases).toHaveLength(55);
  });

  it('gives a text the same vector, bit for bit, alone and amid 200 others, on any thread', async () => {
    const text = 'Please refund the second payment.';
    const one = await openEmbedder({ directory: MODEL_DIRECTORY, threads: 1, cacheSize: 0, clock });
    const { vector: alone } = await one.embed(text);
    await one.close();
    const others = Array.from({ length: 200 }, (_, n) => `Ticket ${n}: ${'the export is late '.repeat(n % 7)}`);
    const amid = [...others.slice(0, 90), text, ...others.slice(90)].map((each) => model.embed(each));
    const vectors = (await Promise.all(amid)).map(({ vector }) => vector);
    expect(vectors[90]).toEqual(alone);
    expect(new Set(vectors.map((vector) => vector.join())).size).toBe(201);
  });

  it.each([
    ['no text', ''],
    ['only spaces', ' \t\n '.repeat(50)],
    ['64 KiB of exclamation marks', '!'.repeat(64 * 1024)],
    ['64 KiB of one word', 'a'.repeat(64 * 1024)],
    ['a million characters', 'server down '.repeat(83_334)],
    ['only emoji', '🚨'.repeat(100)],
    ['lone surrogates', '\ud800 server \udfff down'],
    ['control characters', Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('down')],
    ['a thousand combining marks', `e${'\u0301'.repeat(1000)}`],
    ['the names of prototypes', '__proto__ constructor toString'],
    ['special tokens', '[CLS][SEP][PAD][MASK][UNK]'],
  ])('embeds %s', async (_, text) => {
    const { vector, tokens, truncated } = await model.embed(text);
    expect(dot(vector, vector)).toBeCloseTo(1, 3);
    expect(truncated).toBe(text.length > 100 && tokens === 256);
  });

  it('says so when it has not read all of a text', async () => {
    const hidden = `${' '.repeat(64 * 1024)} server down`;
    expect(await model.embed(hidden)).toMatchObject({ tokens: 2, truncated: true });
    expect(await model.embed(' ')).toMatchObject({ tokens: 2, truncated: false });
  });
});

describe('a text classifier', () => {
  const directory = path.join(FIXTURES, 'tiny-random-distilbert');

  it('gives the scores of the Python libraries', async () => {
    const { cases } = reference<{ cases: readonly { text: string; scores: Record<string, number> }[] }>(directory);
    const model = await openTextClassifier({ directory, threads: 2, clock });
    expect(model.labels).toEqual(['Billing', 'Technical', 'Legal']);
    for (const { text, scores } of cases) expectClose((await model.classify(text)).scores, scores);
    expect(cases).toHaveLength(20);
    await model.close();
  });
});

describe('a zero-shot classifier', () => {
  const directory = path.join(FIXTURES, 'tiny-random-bart-mnli');
  interface Reference {
    readonly candidate_labels: readonly string[];
    readonly multi_label_candidates: readonly string[];
    readonly cases: readonly {
      readonly text: string;
      readonly input_ids: readonly (readonly number[])[];
      readonly single_label: Record<string, number>;
      readonly multi_label: Record<string, number>;
    }[];
  }

  it('gives the scores of the Python libraries, labels against each other and each by itself', async () => {
    const { cases, candidate_labels, multi_label_candidates } = reference<Reference>(directory);
    const model = await openZeroShotClassifier({ directory, threads: 2, clock });
    for (const { text, input_ids, single_label, multi_label } of cases) {
      const single = await model.classify(text, { labels: candidate_labels });
      expectClose(single.scores, single_label);
      expect(single.tokens).toBe(Math.max(...input_ids.map(({ length }) => length)));
      const several = await model.classify(text, { labels: multi_label_candidates, multiLabel: true });
      expectClose(several.scores, multi_label);
    }
    expect(cases).toHaveLength(18);
    await model.close();
  });
});
