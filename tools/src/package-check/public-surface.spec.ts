import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPublicSurface } from './public-surface';

describe('the public surface of a package', () => {
  let directory: string;

  beforeAll(() => {
    directory = join(realpathSync(mkdtempSync(join(tmpdir(), 'public-surface-'))), 'dist');
    mkdirSync(directory);
    const files = {
      'index.d.ts': `export { Counter } from './counter';\nexport { levels, limit } from './limit';\n`,
      'rules.d.ts': `export { type Limit as Bound } from './limit';\n`,
      'counter.d.ts': `import type { Limit } from './limit';
/** Counts. */
export declare class Counter {
    #private;
    private readonly limit;
    /** How many. */
    count(most: Limit): number;
}\n`,
      'limit.d.ts': `/** A number with its unit. */
export interface Limit {
    readonly unit: Unit;
}
type Unit = 'ms';
export declare const limit: Limit;
export declare const levels: {
    all: readonly ("warn" | "error")[];
    named: Record<{
        warn: "warn";
        error: "error";
    }>;
};
export declare const unused: Unit;\n`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  });

  afterAll(() => rmSync(join(directory, '..'), { recursive: true }));

  const read = () =>
    readPublicSurface(
      '@our/counter',
      new Map([
        ['.', join(directory, 'index.d.ts')],
        ['./rules', join(directory, 'rules.d.ts')],
      ]),
    );

  it('is each entry point with its declarations, and the internal ones that they refer to', () => {
    expect(read().text).toBe(`# Public surface of @our/counter

## \`@our/counter\`: 3 names

\`\`\`ts
class Counter {
    count(most: Limit): number;
}
const levels: {
    all: readonly ("error" | "warn")[];
    named: Record<{
        error: "error";
        warn: "warn";
    }>;
};
const limit: Limit;
// Not exported; the declarations above refer to these.
interface Limit {
    readonly unit: Unit;
}
type Unit = 'ms';
\`\`\`

## \`@our/counter/rules\`: 1 names

\`\`\`ts
interface Limit {
    readonly unit: Unit;
} // exported as Bound
// Not exported; the declarations above refer to these.
type Unit = 'ms';
\`\`\`
`);
  });

  it('names what has no doc comment', () => {
    expect(read().undocumented).toEqual(['levels', 'limit']);
  });
});
