import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sha256Of } from './manifest';
import { readModelDirectory } from './model-directory';

const FIXTURE = path.join(__dirname, '../../fixtures/tiny-random-distilbert');

let directory: string;
const file = (name: string): string => path.join(directory, name);
const write = (name: string, content: unknown): void => {
  mkdirSync(path.dirname(file(name)), { recursive: true });
  writeFileSync(file(name), typeof content === 'string' ? content : JSON.stringify(content));
};
const edit = (name: string, change: object): void => {
  write(name, { ...(JSON.parse(readFileSync(file(name), 'utf8')) as object), ...change });
};
const open = (dtype: Parameters<typeof readModelDirectory>[1] = 'auto') =>
  readModelDirectory(directory, dtype, undefined);

beforeEach(() => {
  directory = path.join(mkdtempSync(path.join(tmpdir(), 'model-')), 'tiny');
  cpSync(FIXTURE, directory, { recursive: true });
});
afterEach(() => rmSync(path.dirname(directory), { recursive: true }));

describe('a model directory', () => {
  it('is known by its folder and by the hash of its network, unless a manifest names it', async () => {
    const hash = await sha256Of(file('onnx/model.onnx'));
    await expect(open()).resolves.toMatchObject({
      name: 'tiny',
      version: hash.slice(0, 12),
      onnxFile: 'onnx/model.onnx',
    });
    write('manifest.json', { name: 'my-model', files: { 'onnx/model.onnx': { sha256: hash.toUpperCase() } } });
    await expect(open()).resolves.toMatchObject({ name: 'my-model', version: hash.slice(0, 12) });
  });

  it('needs no tokenizer_config.json', async () => {
    rmSync(file('tokenizer_config.json'));
    await expect(open()).resolves.toMatchObject({ maxTokens: 128, tokenizerConfig: {} });
  });

  it('reads fewer tokens when asked to, never more than the network can', async () => {
    await expect(readModelDirectory(directory, 'auto', 64)).resolves.toMatchObject({ maxTokens: 64 });
    await expect(readModelDirectory(directory, 'auto', 4096)).resolves.toMatchObject({ maxTokens: 128 });
  });
});

describe('of several networks', () => {
  beforeEach(() => {
    for (const name of ['model_fp16.onnx', 'model_int8.onnx', 'model_quantized.onnx']) {
      cpSync(file('onnx/model.onnx'), file(`onnx/${name}`));
    }
  });

  it.each([
    ['auto', 'onnx/model_int8.onnx'],
    ['int8', 'onnx/model_int8.onnx'],
    ['q8', 'onnx/model_quantized.onnx'],
    ['fp32', 'onnx/model.onnx'],
    ['fp16', 'onnx/model_fp16.onnx'],
  ] as const)('dtype %s takes %s', async (dtype, onnxFile) => {
    await expect(open(dtype)).resolves.toMatchObject({ onnxFile });
  });

  it('auto takes fp32 when there is no 8-bit one, and the only file when there is one', async () => {
    rmSync(file('onnx/model_int8.onnx'));
    rmSync(file('onnx/model_quantized.onnx'));
    await expect(open()).resolves.toMatchObject({ onnxFile: 'onnx/model.onnx' });
    rmSync(file('onnx/model.onnx'));
    await expect(open()).resolves.toMatchObject({ onnxFile: 'onnx/model_fp16.onnx' });
  });
});

describe('a directory that is no model is refused with a sentence', () => {
  const cases: readonly [string, () => void, RegExp][] = [
    [
      'that is not there',
      () => rmSync(directory, { recursive: true }),
      /tiny is not a directory; expected a model directory/,
    ],
    [
      'without config.json',
      () => rmSync(file('config.json')),
      /config\.json is missing; expected the network's settings/,
    ],
    ['whose config.json is not JSON', () => write('config.json', '{"vocab_size": '), /config\.json is not JSON/],
    ['whose config.json is a list', () => write('config.json', []), /config\.json does not hold a JSON object/],
    [
      'without tokenizer.json',
      () => rmSync(file('tokenizer.json')),
      /tokenizer\.json is missing; expected the tokenizer/,
    ],
    ['whose tokenizer.json is cut off', () => truncateSync(file('tokenizer.json'), 500), /tokenizer\.json is not JSON/],
    [
      'whose config.json cannot be read',
      () => {
        rmSync(file('config.json'));
        mkdirSync(file('config.json'));
      },
      /config\.json cannot be read/,
    ],
    [
      'without a network',
      () => rmSync(file('onnx'), { recursive: true }),
      /onnx has no file for dtype "auto"; expected model\*\.onnx, found none/,
    ],
    [
      'with several networks of which none has the default name',
      () => {
        cpSync(file('onnx/model.onnx'), file('onnx/model_q4.onnx'));
        cpSync(file('onnx/model.onnx'), file('onnx/model_bnb4.onnx'));
        rmSync(file('onnx/model.onnx'));
      },
      /expected model_int8\.onnx or model_quantized\.onnx or model\.onnx, found model_bnb4\.onnx, model_q4\.onnx/,
    ],
    [
      "with another model's tokenizer",
      () => edit('config.json', { vocab_size: 255 }),
      /tokenizer\.json does not belong to this model: it has token ids up to 255, config\.json expected ids below 255/,
    ],
    [
      'whose manifest lists a file that is absent',
      () => write('manifest.json', { files: { 'onnx/model.onnx_data': { bytes: 1 } } }),
      /model\.onnx_data is missing; manifest\.json lists it/,
    ],
    [
      'whose network is cut off',
      () => {
        write('manifest.json', { files: { 'onnx/model.onnx': { bytes: 165907 } } });
        truncateSync(file('onnx/model.onnx'), 1000);
      },
      /model\.onnx is corrupt: it has 1000 bytes, manifest\.json expected 165907/,
    ],
    [
      'whose network was changed',
      () => {
        write('manifest.json', { files: { 'onnx/model.onnx': { sha256: 'ab'.repeat(32) } } });
        appendFileSync(file('onnx/model.onnx'), 'x');
      },
      /model\.onnx is corrupt: its sha256 is [\da-f]{64}, manifest\.json expected (?:ab){32}/,
    ],
    [
      'whose manifest looks elsewhere',
      () => write('manifest.json', { files: { '../other': { bytes: 1 } } }),
      /lists "\.\.\/other"; expected only files inside/,
    ],
    [
      'with a way of pooling that is not known',
      () => write('1_Pooling/config.json', { pooling_mode_lasttoken: true }),
      /1_Pooling\/config\.json asks for pooling_mode_lasttoken; expected one of mean, cls or max/,
    ],
  ];

  it.each(cases)('%s', async (_, damage, sentence) => {
    damage();
    await expect(open()).rejects.toMatchObject({ code: 'invalid_model', message: expect.stringMatching(sentence) });
  });

  it('that lists the files when there is none for the dtype', async () => {
    await expect(open('int8')).rejects.toThrow(
      /for dtype "int8"; expected model_int8\.onnx or model_quantized\.onnx, found model\.onnx\.$/,
    );
  });
});
