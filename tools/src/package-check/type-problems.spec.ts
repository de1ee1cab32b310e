import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { typeProblems } from './type-problems';

describe('a user who compiles an example', () => {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'type-problems-')));
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  const write = (path: string, text: string): string => {
    const file = join(project, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const addPackage = (name: string, declarations: string): void => {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, types: './index.d.ts', main: './index.js' }));
    write(`node_modules/${name}/index.d.ts`, declarations);
  };

  beforeAll(() => {
    mkdirSync(join(project, 'node_modules', '@types'), { recursive: true });
    const types = dirname(require.resolve('@types/node/package.json'));
    symlinkSync(types, join(project, 'node_modules', '@types', 'node'));
    addPackage('@ours/sound', 'export declare const one: number;');
    addPackage('@ours/unsound', 'export declare const two: NoSuchType;');
    addPackage('of-others', 'export declare const three: NoSuchType;');
  });

  it('sees none when the example and our declarations are right', () => {
    const file = write('right.mts', `import { one } from '@ours/sound';\nprocess.exitCode = one;`);
    expect(typeProblems(file, '@ours/')).toEqual([]);
  });

  it('sees what is wrong in the example, with its line', () => {
    const file = write('wrong.mts', `import { one } from '@ours/sound';\nexport const text: string = one;`);
    expect(typeProblems(file, '@ours/')).toEqual([expect.stringMatching(/wrong\.mts, line 2: .*not assignable/)]);
  });

  it('sees a declaration of ours that does not compile, and none of others', () => {
    const file = write('imports.mts', `export * from '@ours/unsound';\nexport * from 'of-others';`);
    expect(typeProblems(file, '@ours/')).toEqual([expect.stringContaining("Cannot find name 'NoSuchType'")]);
  });

  it('sees a package that is not installed', () => {
    const file = write('missing.mts', `import '@ours/missing';\nexport * from '@ours/missing';`);
    expect(typeProblems(file, '@ours/')).toContainEqual(expect.stringContaining('@ours/missing'));
  });
});
