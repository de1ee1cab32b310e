import { readFileSync } from 'node:fs';
import path from 'node:path';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { type JsonObject } from '../directory/json-file';
import { ModelTokenizer, PairTooLongError } from './model-tokenizer';

const FIXTURES = path.join(__dirname, '../../fixtures');
const read = <T>(...parts: string[]): T => JSON.parse(readFileSync(path.join(...parts), 'utf8')) as T;

function open(directory: string, maxTokens: number): ModelTokenizer {
  const json = (name: string) => read<JsonObject>(directory, name);
  return new ModelTokenizer(json('tokenizer.json'), json('tokenizer_config.json'), maxTokens);
}

interface Reference<Ids> {
  readonly max_length: number;
  readonly cases: readonly { readonly text: string; readonly input_ids: Ids }[];
}

describe("the model's tokens", () => {
  it.each([
    ['all-MiniLM-L6-v2', MODEL_DIRECTORY, path.join(MODEL_DIRECTORY, '../reference.json')],
    [
      'tiny-random-distilbert',
      `${FIXTURES}/tiny-random-distilbert`,
      `${FIXTURES}/tiny-random-distilbert/reference.json`,
    ],
  ])('are those of the Python libraries for every reference text of %s', (_, directory, file) => {
    const { cases, max_length } = read<Reference<number[]>>(file);
    const tokenizer = open(directory, max_length);
    expect(cases.length).toBeGreaterThanOrEqual(20);
    expect(cases.map(({ text }) => tokenizer.encode(text).ids)).toEqual(cases.map(({ input_ids }) => input_ids));
  });

  it('are those of the Python libraries for every pair of text and hypothesis of tiny-random-bart-mnli', () => {
    const directory = `${FIXTURES}/tiny-random-bart-mnli`;
    const reference = read<Reference<number[][]> & { candidate_labels: string[] }>(directory, 'reference.json');
    const tokenizer = open(directory, reference.max_length);
    const hypotheses = reference.candidate_labels.map((label) => `This ticket is ${label}.`);
    const found = reference.cases.map(({ text }) => hypotheses.map((second) => tokenizer.encode(text, second).ids));
    expect(found).toEqual(reference.cases.map(({ input_ids }) => input_ids));
  });
});

describe('a text longer than the model reads', () => {
  const bert = open(MODEL_DIRECTORY, 8);
  const [cls, sep] = [101, 102];

  it('loses its end and keeps the special tokens at both ends', () => {
    const whole = open(MODEL_DIRECTORY, 256).encode('one two three four five six seven eight');
    const cut = bert.encode('one two three four five six seven eight');
    expect(cut.ids).toEqual([...whole.ids.slice(0, 7), sep]);
    expect(cut.ids[0]).toBe(cls);
    expect([cut.typeIds.length, cut.truncated, whole.truncated]).toEqual([8, true, false]);
  });

  it('is not cut when it just fits', () => {
    expect(bert.encode('one two three four five six')).toMatchObject({ truncated: false });
    expect(bert.encode('one two three four five six').ids).toHaveLength(8);
  });

  it('makes room for the second text, which is never cut', () => {
    const pair = bert.encode('one two three four', 'five six');
    const [one, two] = bert.encode('one two').ids.slice(1);
    const [five, six] = bert.encode('five six').ids.slice(1);
    expect(pair.ids).toEqual([cls, one, two, bert.encode('three').ids[1], sep, five, six, sep]);
    expect(pair.typeIds).toEqual([0, 0, 0, 0, 0, 1, 1, 1]);
    expect(bert.encode('one two three', 'five six').truncated).toBe(false);
  });

  it('cannot make room for a second text that is too long by itself', () => {
    expect(() => bert.encode('one', 'two three four five six seven')).toThrow(PairTooLongError);
    expect(bert.encode('one', 'two three four five six').ids).toHaveLength(8);
  });

  it('never gets padding, though tokenizer.json asks for 128 tokens', () => {
    expect(open(MODEL_DIRECTORY, 256).encode('').ids).toEqual([cls, sep]);
  });
});
