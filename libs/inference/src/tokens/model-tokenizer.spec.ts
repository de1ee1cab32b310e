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

describe('words that the vocabulary does not have', () => {
  const tokenizer = open(MODEL_DIRECTORY, 256);
  const readable = (text: string): number => tokenizer.encode(text).ids.length - 2 - tokenizer.encode(text).unknown;

  it.each([
    ['English', 'Checkout shows error 503, order 4100.', 0],
    ['German', 'Der Server läuft nicht mehr', 0],
    ['nothing', '', 0],
    ['one emoji', '🔥', 1],
    ['three emoji without a gap', '🔥🔥🔥', 1],
    ['an emoji behind a sentence', 'it burns 🔥', 1],
    ['Thai', 'ขอใบเสร็จของเดือนที่แล้วได้ไหม', 1],
    ['two sentences in Thai', 'สีของกราฟอ่านยากมาก ขอคุยกับฝ่ายขายเรื่องความร่วมมือ', 2],
  ])('are counted: %s', (_what, text, unknown) => {
    expect(tokenizer.encode(text).unknown).toBe(unknown);
  });

  it('are all that a text in Thai or of emoji has', () => {
    expect(['🔥', '🔥🙏', 'ขอใบเสร็จของเดือนที่แล้วได้ไหม'].map(readable)).toEqual([0, 0, 0]);
    expect(readable('it burns 🔥')).toBe(2);
  });

  it('are counted only as far as the text is read', () => {
    expect(tokenizer.encode('🔥 '.repeat(300))).toMatchObject({ unknown: 254, truncated: true });
  });

  it('do not exist for a tokenizer that knows every byte', () => {
    const bart = open(`${FIXTURES}/tiny-random-bart-mnli`, 256);
    expect(bart.encode('ขอใบเสร็จ 🔥').unknown).toBe(0);
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

  it('cuts the first text for the second, which is never cut', () => {
    const pair = bert.encode('one two three four', 'five six');
    const [one, two] = bert.encode('one two').ids.slice(1);
    const [five, six] = bert.encode('five six').ids.slice(1);
    expect(pair.ids).toEqual([cls, one, two, bert.encode('three').ids[1], sep, five, six, sep]);
    expect(pair.typeIds).toEqual([0, 0, 0, 0, 0, 1, 1, 1]);
    expect(bert.encode('one two three', 'five six').truncated).toBe(false);
  });

  it('refuses a second text that is too long by itself', () => {
    expect(() => bert.encode('one', 'two three four five six seven')).toThrow(PairTooLongError);
    expect(bert.encode('one', 'two three four five six').ids).toHaveLength(8);
  });

  it('never gets padding, though tokenizer.json asks for 128 tokens', () => {
    expect(open(MODEL_DIRECTORY, 256).encode('').ids).toEqual([cls, sep]);
  });
});

describe('a long text of words that no vocabulary knows', () => {
  const tokenizer = open(MODEL_DIRECTORY, 256);
  const whole = open(MODEL_DIRECTORY, 1_000_000);
  /** Reads all of it, however long that takes. */
  const firstOfAll = (text: string) => [...whole.encode(text).ids.slice(0, 255), 102];

  it.each([
    ['words of 99 letters', `${'q1x'.repeat(33)} `.repeat(60)],
    ['base64', Buffer.from('a ticket '.repeat(900)).toString('base64')],
    ['one word', 'a'.repeat(9000)],
    ['white space around a few words', `one${' '.repeat(9000)}two`],
    ['ordinary words', 'the invoice of October is wrong and nobody answers. '.repeat(200)],
    ['punctuation', '!'.repeat(9000)],
    ['a word at the edge', `${'x '.repeat(1020)}unbelievable${'y'.repeat(60)} ${'z '.repeat(3000)}`],
  ])('gives the tokens that reading all of it would give: %s', (_what, text) => {
    const { ids } = tokenizer.encode(text);
    expect(ids).toEqual(whole.encode(text).ids.length <= 256 ? whole.encode(text).ids : firstOfAll(text));
  });

  it('is cut into tokens no further than the model reads', () => {
    const cut = jest.spyOn(tokenizer['tokenizer'], 'encode') as jest.SpiedFunction<(text: string) => unknown>;
    tokenizer.encode(`${'q1x'.repeat(33)} `.repeat(640));
    const read = cut.mock.calls.map(([text]) => text.length);
    expect(Math.max(...read)).toBeLessThanOrEqual(2048);
    cut.mockRestore();
  });

  it('is read to its end even so if it has few tokens, and a pair of texts likewise', () => {
    expect(tokenizer.encode(`one${' '.repeat(60_000)}two`)).toMatchObject({ truncated: false });
    const pair = tokenizer.encode('down '.repeat(5000), 'This ticket is urgent.');
    const all = whole.encode('down '.repeat(5000), 'This ticket is urgent.').ids;
    expect(pair.ids).toHaveLength(256);
    expect(pair.ids.slice(-7)).toEqual(all.slice(-7));
  });
});
