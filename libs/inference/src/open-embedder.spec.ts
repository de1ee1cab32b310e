import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEmbedder } from './index';

/*
 * A network small enough to check by hand, as the bytes of an ONNX file: a table of three-number vectors, one a token id,
 * from which each token takes its own. Just enough protobuf: field number and wire type, then a varint or counted bytes.
 */
const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
const number = (field: number, value: number): Buffer => Buffer.from([...varint(field << 3), ...varint(value)]);
const bytes = (field: number, ...content: (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(body.length)]), body]);
};
const [FLOAT, INT64] = [1, 7];
const value = (field: number, name: string, type: number, dims: readonly (string | number)[]): Buffer => {
  const shape = dims.map((dim) => bytes(1, typeof dim === 'string' ? bytes(2, dim) : number(1, dim)));
  return bytes(field, bytes(1, name), bytes(2, bytes(1, number(1, type), bytes(2, ...shape))));
};
const node = (operator: string, inputs: readonly string[], output: string): Buffer =>
  bytes(1, ...inputs.map((input) => bytes(1, input)), bytes(2, output), bytes(4, operator));

interface TinyNetwork {
  readonly output?: string;
  readonly input?: string;
  readonly inputType?: number;
  /** Vector of each token id. */
  readonly table: readonly (readonly [number, number, number])[];
}

function onnxOf({ output = 'last_hidden_state', input = 'input_ids', inputType = INT64, table }: TinyNetwork): Buffer {
  const raw = Buffer.from(Float32Array.from(table.flat()).buffer);
  const weights = bytes(5, number(1, table.length), number(1, 3), number(2, FLOAT), bytes(8, 'table'), bytes(9, raw));
  const cast = inputType === INT64 ? [] : [bytes(1, bytes(1, input), bytes(2, 'ids'), bytes(4, 'Cast'), TO_INT64)];
  const gather = node('Gather', ['table', inputType === INT64 ? input : 'ids'], output);
  const types = value(11, input, inputType, ['batch', 'sequence']);
  const graph = bytes(7, ...cast, gather, bytes(2, 'tiny'), weights, types, value(12, output, FLOAT, ['b', 's', 3]));
  return Buffer.concat([number(1, 8), graph, bytes(8, bytes(1, ''), number(2, 13))]);
}
const TO_INT64 = bytes(5, bytes(1, 'to'), number(3, INT64), number(20, 2));

/** Words and their ids; the special tokens are 0 and 1. */
const VOCAB = { '[CLS]': 0, '[SEP]': 1, '[UNK]': 2, north: 3, east: 4, nothing: 5, strange: 6 };
const TABLE = [
  [1, 0, 0],
  [0, 0, 1],
  [0, 0, 0],
  [0, 4, 0],
  [6, 0, 0],
  [0, 0, 0],
  [Number.NaN, 0, 0],
] as const;
const template = [
  { SpecialToken: { id: '[CLS]', type_id: 0 } },
  { Sequence: { id: 'A', type_id: 0 } },
  { SpecialToken: { id: '[SEP]', type_id: 0 } },
];
const TOKENIZER = {
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'WhitespaceSplit' },
  post_processor: { type: 'TemplateProcessing', single: template, pair: template, special_tokens: {} },
  decoder: null,
  model: { type: 'WordPiece', vocab: VOCAB, unk_token: '[UNK]', continuing_subword_prefix: '##' },
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'embedder-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, content: object): void {
  const file = path.join(directory, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, Buffer.isBuffer(content) ? content : JSON.stringify(content));
}

function writeModel(network: Partial<TinyNetwork> = {}, pooling?: object): void {
  write('config.json', { vocab_size: 7, max_position_embeddings: 32 });
  // The words of the warm-up text are all unknown here, and `[UNK]` alone has no direction: the special tokens give one.
  write('tokenizer.json', TOKENIZER);
  write('onnx/model.onnx', onnxOf({ table: TABLE, ...network }));
  if (pooling) write('1_Pooling/config.json', pooling);
}

const unit = (...vector: number[]): number[] => vector.map((each) => Math.fround(each / Math.hypot(...vector)));

describe('an embedder whose network gives one vector a token', () => {
  it.each([
    ['the mean where nothing is configured', undefined, unit(7 / 4, 4 / 4, 1 / 4)],
    ['the mean', { pooling_mode_mean_tokens: true, pooling_mode_cls_token: false }, unit(7 / 4, 4 / 4, 1 / 4)],
    ['the first token', { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }, unit(1, 0, 0)],
    ['the highest of each number', { pooling_mode: 'max' }, unit(6, 4, 1)],
  ])('takes %s', async (_, pooling, expected) => {
    writeModel({}, pooling);
    const model = await openEmbedder({ directory, threads: 1 });
    const { vector, tokens } = await model.embed('north east');
    expect([model.dimensions, tokens, vector.length]).toEqual([3, 4, 3]);
    vector.forEach((each, at) => expect(each).toBeCloseTo(expected[at]!, 6));
    await model.close();
  });

  it('fails a text whose vector is not made of numbers, and answers the next', async () => {
    writeModel();
    const model = await openEmbedder({ directory, threads: 1 });
    await expect(model.embed('strange')).rejects.toMatchObject({
      code: 'model_failed',
      message: /without a direction/ as unknown,
    });
    await expect(model.embed('north')).resolves.toMatchObject({ tokens: 3 });
    expect(model.stats()).toMatchObject({ failed: 1, runs: 1, threads: { replaced: 0 } });
    await model.close();
  });
});

describe('a network that is no embedder is refused with a sentence', () => {
  const open = () => openEmbedder({ directory, threads: 2 });
  it.each([
    [
      'with other outputs',
      { output: 'logits' },
      /model\.onnx has the outputs logits; expected sentence_embedding or last/,
    ],
    ['with other inputs', { input: 'pixels' }, /model\.onnx has the inputs pixels; expected input_ids and at most/],
    ['with inputs of another type', { inputType: 6 }, /has the input input_ids of another type; expected int64/],
    [
      'that fails on its first text',
      { table: TABLE.slice(0, 1) },
      /loads but cannot read a text; expected a model for this/,
    ],
  ])('%s', async (_, network, sentence) => {
    writeModel(network);
    await expect(open()).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringMatching(sentence) as unknown,
    });
  });

  it('that is cut off and has no manifest', async () => {
    writeModel();
    write('onnx/model.onnx', onnxOf({ table: TABLE }).subarray(0, 60));
    await expect(open()).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringMatching(/model\.onnx cannot be loaded; expected a whole ONNX file/) as unknown,
    });
  });

  it.each([
    ['that describes nothing', {}],
    ['of an unknown kind', { ...TOKENIZER, model: { type: 'Abacus' } }],
  ])('with a tokenizer %s', async (_, tokenizer) => {
    writeModel();
    write('tokenizer.json', tokenizer);
    await expect(open()).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringMatching(/tokenizer\.json cannot be used; expected/) as unknown,
    });
  });

  it('that is a classifier', async () => {
    cpSync(path.join(__dirname, '../fixtures/tiny-random-distilbert'), directory, { recursive: true });
    await expect(open()).rejects.toThrow(/has the outputs logits; expected sentence_embedding or last_hidden_state/);
  });
});
