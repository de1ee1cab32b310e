import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFetchModel } from './command';
import { COMMIT, FakeHub, gitBlob, sha256 } from './fake-hub';

const WEIGHTS = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 31 + (i >> 8)) % 251));
const MODEL = {
  'config.json': JSON.stringify({ architectures: ['BertModel'] }),
  'tokenizer.json': JSON.stringify({ model: { vocab: {} } }),
  'tokenizer_config.json': JSON.stringify({ model_max_length: 512 }),
  '1_Pooling/config.json': JSON.stringify({ pooling_mode_mean_tokens: true }),
  'onnx/model.onnx': Buffer.concat([WEIGHTS, WEIGHTS]),
  'onnx/model_quantized.onnx': WEIGHTS,
  'README.md': 'not needed',
};
const FETCHED = [
  '1_Pooling/config.json',
  'config.json',
  'onnx/model_quantized.onnx',
  'tokenizer.json',
  'tokenizer_config.json',
];
const ONNX = 'onnx/model_quantized.onnx';

let scratch: string;
let hub: FakeHub;
let pauses: number[];

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'fetch-model-'));
  hub = await FakeHub.start(MODEL);
  pauses = [];
});

afterEach(async () => {
  await hub.stop();
  rmSync(scratch, { recursive: true, force: true });
});

interface Extras {
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Runs the whole command as a person would, with pauses that take no time. */
async function run(args: readonly string[] = [], { environment = {}, signal }: Extras = {}) {
  let output = '';
  let messages = '';
  const code = await runFetchModel(['acme/mini', ...args], {
    environment: { HF_ENDPOINT: hub.url, ...environment },
    workingDirectory: scratch,
    output: { write: (text: string) => (output += text) },
    messages: { write: (text: string) => (messages += text) },
    patience: {
      tries: 4,
      wait: async (failures) => void pauses.push(failures),
    },
    now: () => 0,
    signal,
  });
  const reason = messages.trimEnd().split('\n').at(-1) ?? '';
  return { code, output, messages, reason };
}

const directory = (): string => join(scratch, 'models', 'mini');
const read = (path: string): Buffer => readFileSync(join(directory(), path));
const found = (): string[] =>
  readdirSync(scratch, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory().length + 1))
    .sort();

describe('fetching a model', () => {
  it('brings every file it needs, no other, and names the setting to use', async () => {
    const { code, output, messages } = await run();
    expect({ code, messages: messages.includes('done') }).toEqual({ code: 0, messages: true });
    expect(found()).toEqual([...FETCHED, 'manifest.json'].sort());
    for (const path of FETCHED) expect(sha256(read(path))).toBe(sha256(hub.files.get(path)!));
    expect(output).toContain(`MODEL_DIR=${directory()}\n`);
  });

  it('writes a manifest with source, commit, and the hash and size of every file', async () => {
    await run(['--revision', 'v1.0']);
    const files = Object.fromEntries(
      FETCHED.map((path) => [path, { sha256: sha256(hub.files.get(path)!), bytes: hub.files.get(path)!.byteLength }]),
    );
    expect(JSON.parse(read('manifest.json').toString())).toEqual({
      name: 'mini',
      source: { repository: 'acme/mini', revision: 'v1.0', commit: COMMIT },
      dtype: 'int8',
      files,
    });
  });

  it('takes other weights and another directory when asked', async () => {
    const { code } = await run(['--dtype', 'fp32', '--to', 'elsewhere/m']);
    expect(code).toBe(0);
    const weights = readFileSync(join(scratch, 'elsewhere/m/onnx/model.onnx'));
    expect(sha256(weights)).toBe(sha256(MODEL['onnx/model.onnx']));
  });

  it('brings the data beside a graph that keeps its numbers in files of their own', async () => {
    hub.files.set(`${ONNX}_data`, Buffer.from('numbers'));
    hub.files.set(`${ONNX}_data/../../evil`, Buffer.from('no'));
    expect((await run()).code).toBe(0);
    expect(found()).toEqual([...FETCHED, 'manifest.json', `${ONNX}_data`].sort());
  });

  it('downloads nothing again that is right already', async () => {
    await run();
    const before = hub.downloads.length;
    const { code, messages } = await run();
    expect({ code, again: hub.downloads.length - before }).toEqual({ code: 0, again: 0 });
    expect(messages).toContain(`${ONNX}: already here`);
    expect(JSON.parse(read('manifest.json').toString()).source.commit).toBe(COMMIT);
  });

  it('replaces a file that is corrupt, even one of the right length', async () => {
    await run();
    const corrupt = Buffer.from(WEIGHTS);
    corrupt[1000]! ^= 1;
    writeFileSync(join(directory(), ONNX), corrupt);
    expect((await run()).code).toBe(0);
    expect(sha256(read(ONNX))).toBe(sha256(WEIGHTS));
  });

  it('reads the list of files to its last page', async () => {
    hub.pageSize = 2;
    hub.answers.set('tokenizer_config.json', (_request, response) => response.end('{"model_max_length": 513}'));
    expect((await run()).reason).toMatch(/^tokenizer_config\.json is not the file it should be/);
  });

  it('reports what it could not check when the server lists no hashes', async () => {
    hub.listsFiles = false;
    const { code, output } = await run();
    expect(code).toBe(0);
    // The hub sends the hash of large files with the file.
    expect(output).toContain('no hash of config.json, tokenizer.json, tokenizer_config.json, 1_Pooling/config.json:');
  });
});

describe('a connection that breaks', () => {
  beforeEach(() => {
    hub.answers.set(ONNX, (request, response, visit) =>
      visit === 1 ? hub.cut(ONNX, 70_000, response) : hub.send(ONNX, request, response),
    );
  });
  const ranges = (): (string | undefined)[] =>
    hub.visited
      .filter(({ path, method }) => path === `/${ONNX}` && method === 'GET')
      .map(({ headers }) => headers.range);

  it('is taken up where it broke', async () => {
    expect((await run()).code).toBe(0);
    expect(ranges()).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(sha256(read(ONNX))).toBe(sha256(WEIGHTS));
    expect(pauses).toEqual([1]);
  });

  it('starts over when the server does not continue files', async () => {
    hub.answers.set(ONNX, (_request, response, visit) =>
      visit === 1 ? hub.cut(ONNX, 70_000, response) : response.end(WEIGHTS),
    );
    expect((await run()).code).toBe(0);
    expect(sha256(read(ONNX))).toBe(sha256(WEIGHTS));
  });

  it('never glues two versions of a file together', async () => {
    hub.listsFiles = false;
    const changed = Buffer.from(WEIGHTS).reverse();
    hub.answers.set(ONNX, (request, response, visit) => {
      if (visit === 1) return hub.cut(ONNX, 70_000, response);
      hub.files.set(ONNX, changed);
      if (visit > 2) return hub.send(ONNX, request, response);
      // A careless server that continues whatever it has now.
      const start = Number(/\d+/.exec(request.headers.range ?? '')?.[0]);
      response.writeHead(206, { 'content-range': `bytes ${start}-199999/200000`, etag: `"${gitBlob(changed)}"` });
      return response.end(changed.subarray(start));
    });
    expect((await run()).code).toBe(0);
    expect(sha256(read(ONNX))).toBe(sha256(changed));
    expect(ranges()).toEqual([undefined, expect.any(String), undefined]);
  });

  it('leaves no half file when it breaks every time', async () => {
    hub.answers.set(ONNX, (_request, response) => hub.cut(ONNX, 10, response));
    const { code, reason } = await run();
    expect(code).toBe(1);
    expect(reason).toMatch(/^onnx\/model_quantized\.onnx: .*given up after 4 attempts\.$/);
    expect(found().filter((path) => path.startsWith('onnx') || path.includes('.part'))).toEqual([]);
    expect(found()).not.toContain('manifest.json');
    expect(pauses).toEqual([1, 2, 3]);
  });

  it('is tried again when the server is busy', async () => {
    hub.answers.set('config.json', (request, response, visit) =>
      visit < 3 ? response.writeHead(503).end() : hub.send('config.json', request, response),
    );
    expect((await run()).code).toBe(0);
  });

  it('is reported when no server answers', async () => {
    const { code, reason } = await run([], { environment: { HF_ENDPOINT: 'http://127.0.0.1:1' } });
    expect(code).toBe(1);
    expect(reason).toContain('config.json: no answer from 127.0.0.1:1');
  });

  it('ends at once when the user interrupts, and leaves nothing behind', async () => {
    const interruption = new AbortController();
    hub.answers.set(ONNX, (_request, response) => {
      response.writeHead(200, { 'content-length': WEIGHTS.byteLength });
      response.write(WEIGHTS.subarray(0, 5000), () => interruption.abort());
    });
    const { code, reason } = await run([], { signal: interruption.signal });
    expect({ code, reason }).toEqual({ code: 1, reason: 'Interrupted.' });
    expect(found().filter((path) => path.includes('onnx'))).toEqual([]);
  });
});

describe('a file that is not what it should be', () => {
  const instead = (path: string, content: string | Buffer, headers: Readonly<Record<string, string>> = {}): void => {
    hub.answers.set(path, (_request, response) => response.writeHead(200, headers).end(content));
  };
  const wrong = Buffer.from(WEIGHTS).fill(7, 100, 200);

  it.each([
    ['has other bytes', () => instead(ONNX, wrong), /its SHA-256 is [0-9a-f]{64} instead of [0-9a-f]{64}\.$/],
    ['is too short', () => instead(ONNX, WEIGHTS.subarray(1)), /it has 199999 bytes instead of 200000\.$/],
    ['is too long', () => instead(ONNX, Buffer.concat([WEIGHTS, WEIGHTS])), /it has more than 200000 bytes\.$/],
    ['is a web page', () => instead(ONNX, '<p>Please sign in', { 'content-type': 'text/html' }), /sent a web page/],
    ['looks like a web page', () => instead(ONNX, '\n<!DOCTYPE html><html>'), /sent a web page/],
    ['is a git pointer', () => instead(ONNX, 'version https://git-lfs.github.com/spec/v1\n'), /a Git LFS pointer/],
  ])('is refused: it %s', async (_what, arrange, message) => {
    arrange();
    const { code, reason } = await run();
    expect(code).toBe(1);
    expect(reason).toMatch(/^onnx\/model_quantized\.onnx/);
    expect(reason).toMatch(message);
    expect(found().filter((path) => path.includes('onnx') || path === 'manifest.json')).toEqual([]);
  });

  it('is refused by its git hash when it is small', async () => {
    instead('config.json', MODEL['config.json'].replace('Bert', 'Bart'));
    expect((await run()).reason).toMatch(/^config\.json is not the file it should be: its git hash is/);
    expect(found()).toEqual([]);
  });

  it('is refused when it differs from the hash that the user gave', async () => {
    hub.listsFiles = false;
    const asked = await run(['--sha256', `config.json=${'a'.repeat(64)}`]);
    expect(asked.reason).toMatch(/^config\.json is not the file it should be: its SHA-256 is/);
    hub.listsFiles = true;
    const beforehand = await run(['--sha256', `${ONNX}=${'a'.repeat(64)}`]);
    expect(beforehand.reason).toContain("the hub's SHA-256 is");
    expect(hub.downloads).not.toContain(`/${ONNX}`);
  });

  it('is accepted with the right hash from the user, and a hash for no file is a mistake', async () => {
    expect((await run(['--sha256', `${ONNX}=${sha256(WEIGHTS).toUpperCase()}`])).code).toBe(0);
    expect((await run(['--sha256', `onnx/modle.onnx=${sha256(WEIGHTS)}`])).reason).toContain('onnx/modle.onnx');
  });
});

describe('a model that is not there', () => {
  it.each(['config.json', 'tokenizer.json', 'tokenizer_config.json'])('is reported as missing: %s', async (path) => {
    hub.files.delete(path);
    const { code, reason } = await run();
    expect(code).toBe(1);
    expect(reason).toContain(`${path} is not there`);
    expect(reason).toContain('404');
  });

  it('may lack the wanted weights: the others are named', async () => {
    const { code, reason } = await run(['--dtype', 'fp16']);
    expect(code).toBe(1);
    expect(reason).toContain(
      'no fp16 weights (onnx/model_fp16.onnx); it has onnx/model.onnx, onnx/model_quantized.onnx.',
    );
  });

  it('may be private: without a token the advice is to set one', async () => {
    hub.answers.set('config.json', (_request, response) => response.writeHead(401).end());
    const { code, reason } = await run();
    expect(code).toBe(1);
    expect(reason).toMatch(/^config\.json: .* answered 401: .*set HF_TOKEN/);
  });

  it('may refuse a token, which is never shown', async () => {
    hub.answers.set('config.json', (_request, response) => response.writeHead(403).end());
    const { reason, messages, output } = await run([], { environment: { HF_TOKEN: 'hf_sesame' } });
    expect(reason).toContain('HF_TOKEN may not read this model');
    expect(messages + output).not.toContain('hf_sesame');
    const broken = await run([], { environment: { HF_TOKEN: 'hf_sesame\nX: y' } });
    expect(broken.reason).toBe('HF_TOKEN contains characters that are not allowed in a token.');
  });
});

describe('redirects', () => {
  it('to another host are followed without the token', async () => {
    const storage = await FakeHub.start({ 'blob/1': WEIGHTS });
    storage.answers.set('listing', (_request, response) => response.end(WEIGHTS));
    hub.answers.set(ONNX, (_request, response) =>
      response.writeHead(302, { location: `${storage.url}/blob/1?signature=x` }).end(),
    );
    try {
      expect((await run([], { environment: { HF_TOKEN: 'hf_sesame' } })).code).toBe(0);
      expect(sha256(read(ONNX))).toBe(sha256(WEIGHTS));
      expect(storage.visited.map(({ headers }) => headers.authorization)).toEqual([undefined]);
      expect(new Set(hub.visited.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer hf_sesame']));
    } finally {
      await storage.stop();
    }
  });

  it('may be relative', async () => {
    hub.answers.set('config.json', (_request, response) => {
      response.writeHead(307, { location: '../../../mini/resolve/main/moved/config.json' }).end();
    });
    hub.files.set('moved/config.json', Buffer.from(MODEL['config.json']));
    expect((await run()).code).toBe(0);
  });

  it.each([
    ['in a circle', '/acme/mini/resolve/main/config.json', 'redirected more than 10 times'],
    ['to a local file', 'file:///etc/hostname', 'not safe to follow'],
    ['without an address', '', 'redirected without an address'],
  ])('%s are refused', async (_what, location, message) => {
    hub.answers.set('config.json', (_request, response) => {
      response.writeHead(302, location === '' ? {} : { location }).end();
    });
    const { code, reason } = await run();
    expect(code).toBe(1);
    expect(reason).toContain(message);
  });
});

describe('a directory that does not fit', () => {
  it('is refused when it has other weights', async () => {
    await run(['--dtype', 'fp32']);
    const { code, reason } = await run();
    expect(code).toBe(1);
    expect(reason).toContain('already holds onnx/model.onnx');
    expect(found()).toContain('onnx/model.onnx');
  });

  it('is refused when a left-over would change the answers', async () => {
    await run();
    hub.files.delete('1_Pooling/config.json');
    expect((await run()).reason).toContain('contains 1_Pooling/config.json, which this model does not have');
  });

  it('is named when the disk refuses', async () => {
    mkdirSync(join(directory(), 'tokenizer.json'), { recursive: true });
    const { code, reason } = await run();
    expect(code).toBe(1);
    expect(reason).toMatch(/tokenizer\.json could not be written: there is a directory of that name\.$/);
    expect(found()).toEqual(['config.json']);
  });
});
