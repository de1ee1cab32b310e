import { findContentProblems, findManifestProblems } from './package-contents';

const compiled = (name: string) =>
  ['js', 'js.map', 'd.ts', 'd.ts.map'].map((ending) => `dist/${name}.${ending}`).concat(`src/${name}.ts`);
const good = ['package.json', 'README.md', ...compiled('index'), ...compiled('memory/heap')];

describe('the contents of a package', () => {
  it('are manifest, README, sources and what was compiled from them', () => {
    expect(findContentProblems(good)).toEqual([]);
    expect(findContentProblems([...good, 'LICENSE', 'CHANGELOG.md'])).toEqual([]);
  });

  it.each([
    ['a test', 'src/memory/heap.spec.ts'],
    ['a compiled test', 'dist/memory/heap.spec.js'],
    ['a build record', 'dist/tsconfig.lib.tsbuildinfo'],
    ['a configuration file', 'jest.config.cjs'],
    ['a secret', '.env'],
    ['a leftover of a removed source', 'dist/memory/old-heap.js'],
  ])('are not %s', (_what, file) => {
    const problems = findContentProblems([...good, file]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(file);
  });

  it.each(['README.md', 'dist/index.js', 'dist/memory/heap.d.ts'])('include %s', (file) => {
    expect(findContentProblems(good.filter((name) => name !== file))).toEqual([`${file} is missing`]);
  });

  it('include the source of the entry point', () => {
    expect(findContentProblems(good.filter((name) => name !== 'src/index.ts'))).toContain('src/index.ts is missing');
  });
});

describe('the manifest of a package', () => {
  const manifest = {
    name: 'x',
    version: '1.0.0',
    license: 'Apache-2.0',
    description: 'X',
    engines: { node: '>=20' },
  };

  it('names licence, description and engine', () => {
    expect(findManifestProblems(manifest)).toEqual([]);
  });

  it('is refused for each one missing', () => {
    expect(findManifestProblems({ name: 'x', version: '1.0.0' })).toHaveLength(3);
    expect(findManifestProblems({ ...manifest, license: '' })).toEqual(['package.json has no license']);
  });
});
