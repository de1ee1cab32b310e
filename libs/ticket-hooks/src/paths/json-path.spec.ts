import * as fc from 'fast-check';
import { JsonPath, MAX_VALUES } from './json-path';

function compiled(text: string): JsonPath {
  const path = JsonPath.compile(text);
  if (typeof path === 'string') throw new Error(path);
  return path;
}

const payload = {
  a: { b: 'x', c: [1, 2, { text: 'deep' }] },
  list: [
    { kind: 'mail', value: 'mara@example.com' },
    { kind: 'phone', value: '1' },
  ],
};

describe('a JSON path', () => {
  it.each([
    ['$.a.b', ['x']],
    ["$['a']['b']", ['x']],
    ['$.a.c[0]', [1]],
    ['$.a.c[-1].text', ['deep']],
    ['$.a.c[0:2]', [1, 2]],
    ['$..text', ['deep']],
    ["$.a['b','c'][0]", [1]],
    ['$.list[*].value', ['mara@example.com', '1']],
    ["$.list[?@.kind == 'mail' && @.value].value", ['mara@example.com']],
    ["$.list[?(!(@.kind == 'mail'))].value", ['1']],
    ['$.nothing.here', []],
    ['$.constructor', []],
    ['$.__proto__', []],
    ['$.a.b.length', []],
  ])('%s finds what RFC 9535 says', (text, expected) => {
    expect(compiled(text).values(payload)).toEqual(expected);
  });

  it.each([
    ['a.b', 'is no JSON path'],
    ['', 'is no JSON path'],
    ['$.', 'is no JSON path'],
    ['$[?constructor.constructor("return process")()]', 'is no JSON path'],
    ["$.a[?match(@.b, '(x+)+$')]", 'is no JSON path'],
    ["$.a[?search(@.b, '(x+)+$')]", 'is no JSON path'],
    [`$.${'a'.repeat(512)}`, 'at most 512 characters'],
    ['$..a..b', 'at most one ".."'],
    ["$['a','b']['a','b']['a','b']['a','b']", 'branch out at most 8 times'],
    ['$[?@.a][?@.a]', 'at most one filter'],
    ['$[?@..a]', 'must have no ".."'],
    ['$[?@.a && !(@.b || $..a)]', 'must have no ".."'],
    ['$[?@[*]]', 'must have no ".."'],
  ])('%s is refused: it is none, or could run for long', (text, problem) => {
    expect(JsonPath.compile(text)).toContain(problem);
  });

  it('gives no more than its first thousand values', () => {
    expect(compiled('$[*]').values(Array.from({ length: 5000 }, (_, index) => index))).toHaveLength(MAX_VALUES);
  });

  it('finds nothing below its deepest level, and does not fail there', () => {
    let deep: unknown = { text: 'bottom' };
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(compiled('$..text').values(deep)).toEqual([]);
    expect(compiled('$..text').values([{ text: 'top' }, deep])).toEqual(['top']);
  });

  it('never throws, whatever it is applied to', () => {
    const paths = ['$', '$..*', '$[*]', '$[0]', '$.a', "$[?@.a == 'x' && @.b < 3]", '$[?@.a == @.b]', '$[::-1]'].map(
      compiled,
    );
    fc.assert(
      fc.property(fc.option(fc.jsonValue({ maxDepth: 6 }), { nil: undefined }), (value) => {
        for (const path of paths) expect(path.values(value).length).toBeLessThanOrEqual(MAX_VALUES);
      }),
    );
  });

  it('compiles to a path or to a sentence, whatever its text is', () => {
    const sign = fc.constantFrom(...'$.[]*?@\'"ab01,:-()=!<>&| \\u{}');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: sign }).map((text) => `$${text}`),
        ),
        (text) => {
          const path = JsonPath.compile(text);
          expect(typeof path === 'string' || path instanceof JsonPath).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
