import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { pruned, readOnnx, writeOnnx } from './onnx-graph';
import { type Precision, withHiddenStates, writeRivalModel } from './rival-model';

const ours = readFileSync(join(MODEL_DIRECTORY, 'onnx/model_int8.onnx'));

/** Reads "The server is down." In a process of its own: onnxruntime does not know the typed arrays of Jest's sandbox. */
const RUN = `
const { InferenceSession, Tensor } = require('onnxruntime-node');
const ids = [101n, 1996n, 8241n, 2003n, 2091n, 1012n, 102n];
const input = (values) => new Tensor('int64', BigInt64Array.from(values), [1, ids.length]);
InferenceSession.create(process.argv[1], { intraOpNumThreads: 1, logSeverityLevel: 4 }).then(async (session) => {
  const feeds = { input_ids: ids, attention_mask: ids.map(() => 1n), token_type_ids: ids.map(() => 0n) };
  const output = await session.run(Object.fromEntries(Object.entries(feeds).map(([name, v]) => [name, input(v)])));
  const { data, dims } = output[session.outputNames[0]];
  console.log(JSON.stringify({ data: [...data], dims }));
});`;

function outputOf(file: string): { readonly data: readonly number[]; readonly dims: readonly number[] } {
  const output = execFileSync(process.execPath, ['-e', RUN, file], { cwd: __dirname, encoding: 'utf8' });
  return JSON.parse(output) as ReturnType<typeof outputOf>;
}

function cosine(one: readonly number[], other: readonly number[]): number {
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, at) => sum + x * b[at]!, 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
}

describe('the model of a rival', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'rival-model-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each<[Precision, string, number]>([
    ['int8', 'onnx/model_int8.onnx', 0.99999],
    ['fp32', 'onnx/model.onnx', 0.98],
  ])('in %s gives a vector a token, and their mean is our embedding', (precision, file, least) => {
    const folder = join(directory, precision);
    writeRivalModel(MODEL_DIRECTORY, folder, precision, 256);
    const { data: hidden, dims } = outputOf(join(folder, file));
    expect(dims).toEqual([1, 7, 384]);
    const mean = Array.from({ length: 384 }, (_, column) =>
      hidden.filter((_value, at) => at % 384 === column).reduce((sum, value) => sum + value / 7, 0),
    );
    const { data: embedding } = outputOf(join(MODEL_DIRECTORY, 'onnx/model_int8.onnx'));
    const likeness = cosine(mean, embedding);
    expect(likeness).toBeGreaterThan(least);
    // Another precision gives other numbers.
    expect(likeness > 0.99999).toBe(precision === 'int8');
  });

  it('reads as many tokens as ours', () => {
    const folder = join(directory, 'short');
    writeRivalModel(MODEL_DIRECTORY, folder, 'int8', 77);
    const config = JSON.parse(readFileSync(join(folder, 'tokenizer_config.json'), 'utf8')) as Record<string, unknown>;
    expect(config).toMatchObject({ model_max_length: 77, tokenizer_class: 'BertTokenizer' });
  });
});

describe('a network', () => {
  it('stays what it is when it is read and written', () => {
    const model = readOnnx(ours);
    const again = readOnnx(writeOnnx(model));
    expect(again.nodes).toEqual(model.nodes);
    expect(again.outputs).toEqual(model.outputs);
    expect(Buffer.concat(again.graphRest).equals(Buffer.concat(model.graphRest))).toBe(true);
  });

  it('loses only the operations that no output needs', () => {
    const model = readOnnx(ours);
    expect(pruned(model).nodes).toEqual(model.nodes);
    const hidden = withHiddenStates(model, 384);
    const types = hidden.nodes.map(({ type }) => type);
    expect(types.filter((type) => type === 'QAttention')).toHaveLength(6);
    expect(types).not.toContain('ReduceL2');
    expect(types.at(-1)).toBe('Identity');
  });

  it('is not made of just any bytes', () => {
    expect(() => readOnnx(Uint8Array.of(8, 8))).toThrow('not an ONNX file');
  });
});
