import { runInNewContext } from 'node:vm';
import { extractExample, importedPackages, toModule, toScript } from './readme-example';

const fence = '```';
const readme = (code: string) => `# Title\n\nSome words.\n\n${fence}ts\n${code}\n${fence}\n\nMore words.\n`;

/** Runs a script with a pretended package and collects what it prints. */
async function run(script: string, packages: Record<string, unknown>): Promise<unknown[]> {
  const printed: unknown[] = [];
  const result: unknown = runInNewContext(script, {
    require: (name: string) => packages[name],
    process: {},
    console: { log: (value: unknown) => printed.push(value), error: (value: unknown) => printed.push(value) },
  });
  await result;
  return printed;
}

describe('the example of a README', () => {
  it('is the block fenced as ts', () => {
    expect(extractExample(readme("console.log('hi');"))).toBe("console.log('hi');\n");
    expect(extractExample(readme('first();').replaceAll('\n', '\r\n'))).toBe('first();\n');
  });

  it('must be there, once, and not be empty', () => {
    expect(() => extractExample('# Nothing here')).toThrow('exactly one');
    expect(() => extractExample(readme('a();') + readme('b();'))).toThrow('it holds 2');
    expect(() => extractExample(readme('  '))).toThrow('exactly one');
    expect(() => extractExample(readme('a();').replace(`${fence}ts`, `${fence}js`))).toThrow('it holds 0');
  });

  it('loses its types and keeps its imports as a module', () => {
    const code = toModule("import { type Agent, rank } from 'x';\nconst agents: Agent[] = [];\nrank(agents);\n");
    expect(code).toContain("import { rank } from 'x';");
    expect(code).not.toContain('Agent');
  });

  it('runs as a script with require, top-level await included', async () => {
    const script = toScript(
      "import {\n  type Thing,\n  double,\n  half as halve,\n} from 'x';\nimport { readFile } from 'node:fs/promises';\n" +
        'const four: number = await double(2);\nconsole.log(four);\nconsole.log(halve(four));\nconsole.log(typeof readFile);\n',
    );
    expect(script).not.toContain('import ');
    const x = { double: (n: number) => Promise.resolve(n * 2), half: (n: number) => n / 2 };
    expect(await run(script, { x, 'node:fs/promises': { readFile: () => undefined } })).toEqual([4, 2, 'function']);
  });

  it('reports an error instead of swallowing it', async () => {
    const script = toScript("import { boom } from 'x';\nawait boom();\n");
    const printed = await run(script, { x: { boom: () => Promise.reject(new Error('bang')) } });
    expect(printed).toEqual([new Error('bang')]);
  });

  it('tells which packages it needs, each once', () => {
    const example =
      "import { a } from 'x';\nimport {\n  b,\n  c,\n} from '@our/y';\nimport { d } from \"x\";\n" +
      "import { type OnlyAType } from 'types';\nconsole.log(a, b, c, d, \"import { e } from 'z'\");\n";
    expect(importedPackages(example)).toEqual(['x', '@our/y']);
  });

  it('must use named imports, which work both ways', () => {
    expect(() => toScript("import x from 'x';\nx();\n")).toThrow('named imports only');
    expect(() => toScript("import * as x from 'x';\nx.y();\n")).toThrow('named imports only');
  });

  it('may go without any import or await', async () => {
    expect(await run(toScript('console.log(1 + 1);\n'), {})).toEqual([2]);
  });
});
