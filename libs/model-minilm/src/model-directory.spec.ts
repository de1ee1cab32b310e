import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import * as modelMinilm from './index';

interface Manifest {
  readonly name: string;
  readonly dimensions: number;
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>;
}

const PACKAGE = resolve(__dirname, '..');
const { MODEL_DIRECTORY } = modelMinilm;

const readJson = (file: string): unknown => JSON.parse(readFileSync(join(MODEL_DIRECTORY, file), 'utf8')) as unknown;
const manifest = readJson('manifest.json') as Manifest;

const filesOnDisk = (): string[] =>
  readdirSync(MODEL_DIRECTORY, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(MODEL_DIRECTORY, name)).isFile())
    .map((name) => name.split(sep).join('/'))
    .sort();

describe('the model directory', () => {
  it('is an absolute path inside the package', () => {
    expect(isAbsolute(MODEL_DIRECTORY)).toBe(true);
    expect(relative(PACKAGE, MODEL_DIRECTORY)).toBe('model');
  });

  it('is all that the package exports', () => {
    expect(Object.keys(modelMinilm)).toEqual(['MODEL_DIRECTORY']);
  });

  it('holds the files of its manifest and no other', () => {
    expect(filesOnDisk()).toEqual([...Object.keys(manifest.files), 'manifest.json'].sort());
    expect(Object.keys(manifest.files)).toEqual(
      expect.arrayContaining(['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_int8.onnx']),
    );
  });

  it.each(Object.entries(manifest.files))('holds %s byte for byte as the manifest says', (file, { sha256, bytes }) => {
    const content = readFileSync(join(MODEL_DIRECTORY, file));
    expect(content.byteLength).toBe(bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  });

  it('says as many dimensions in its manifest as the model has', () => {
    expect(manifest.dimensions).toBe((readJson('config.json') as { hidden_size: number }).hidden_size);
  });
});

describe('the published package', () => {
  const packed = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: PACKAGE, encoding: 'utf8' }),
  ) as readonly { readonly files: readonly { readonly path: string; readonly size: number }[] }[];
  const sizes = new Map(packed[0]?.files.map(({ path, size }) => [path, size]));

  it('carries the whole model', () => {
    for (const [file, { bytes }] of Object.entries(manifest.files)) expect(sizes.get(`model/${file}`)).toBe(bytes);
    expect(sizes.has('model/manifest.json')).toBe(true);
  });

  it('carries the licence and says where the weights come from', () => {
    expect([...sizes.keys()]).toEqual(expect.arrayContaining(['LICENSE', 'NOTICE', 'README.md']));
  });

  it('leaves the reference answers, which only our tests read, in the repository', () => {
    expect([...sizes.keys()].filter((path) => path.includes('reference'))).toEqual([]);
  });

  it('is CommonJS without dependencies', () => {
    const own = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(own).not.toHaveProperty('type');
    expect(own).not.toHaveProperty('dependencies');
  });
});
