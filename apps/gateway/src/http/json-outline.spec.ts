import fc from 'fast-check';
import { JsonOutline, MAX_JSON_DEPTH, MAX_JSON_VALUES, type OutlineLimits } from './json-outline';
import type { HttpProblem } from './problem';

const BATCH: OutlineLimits = { elements: 100, elementBytes: 64 * 1024 };

/** What an outline says of JSON that arrives in pieces of some size. */
function outlined(json: string, limits?: OutlineLimits, size = 7): JsonOutline {
  const outline = new JsonOutline(limits);
  const bytes = Buffer.from(json);
  for (let at = 0; at < bytes.length; at += size) outline.write(bytes.subarray(at, at + size));
  outline.end();
  return outline;
}

/** The status of the refusal, 200 for none. */
function statusOf(json: string, limits?: OutlineLimits, size?: number): number {
  try {
    outlined(json, limits, size);
    return 200;
  } catch (error) {
    return (error as HttpProblem).problem.status;
  }
}

/** The elements of a batch as they are parsed; `undefined` if any is no JSON, or none can be found. */
function parsedBatch(json: string, size?: number): unknown[] | undefined {
  try {
    const bytes = Buffer.from(json);
    return outlined(json, BATCH, size).elements.map(
      ({ start, end, refusal }) => refusal ?? (JSON.parse(bytes.toString('utf8', start, end)) as unknown),
    );
  } catch {
    return undefined;
  }
}

function parsedWhole(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const spaced = fc
  .tuple(fc.jsonValue({ maxDepth: 6 }), fc.nat(3))
  .map(([value, indent]) => JSON.stringify(value, null, indent));

describe('JSON while its bytes arrive', () => {
  it('passes every body within the limits, in any pieces', () => {
    fc.assert(fc.property(spaced, fc.integer({ min: 1, max: 50 }), (json, size) => statusOf(json, {}, size) === 200));
  });

  it('is refused as soon as it is nested too deeply: the rest need not arrive', () => {
    expect(statusOf(nested(MAX_JSON_DEPTH))).toBe(200);
    expect(statusOf('['.repeat(MAX_JSON_DEPTH + 1))).toBe(400);
    expect(statusOf('{"a":'.repeat(MAX_JSON_DEPTH + 1))).toBe(400);
  });

  it('is refused at the first value too many', () => {
    expect(statusOf(`[${'1,'.repeat(MAX_JSON_VALUES - 2)}1]`)).toBe(200);
    for (const piece of ['1,', '[],', '{},', '"",', 'null,', '"a":0,', '1 ']) {
      expect(statusOf(`[${piece.repeat(MAX_JSON_VALUES)}`)).toBe(413);
    }
  });

  it('counts no brackets, commas and escaped quotes inside strings', () => {
    expect(statusOf(JSON.stringify({ text: '[{"\\",'.repeat(20_000) }))).toBe(200);
    expect(parsedBatch('["a],[\\"","\\\\",{"b":"}]"}]')).toEqual(['a],["', '\\', { b: '}]' }]);
  });
});

describe('a batch while its bytes arrive', () => {
  it('has the elements that a parser of the whole finds', () => {
    const batch = fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 12 });
    fc.assert(
      fc.property(batch, fc.nat(3), fc.integer({ min: 1, max: 50 }), (values, indent, size) => {
        const json = JSON.stringify(values, null, indent);
        expect(parsedBatch(json, size)).toEqual(JSON.parse(json));
      }),
    );
  });

  it('is one exactly where a parser of the whole takes it for an array', () => {
    const sign = fc.constantFrom('[', ']', '{', '}', ',', ':', '"', '\\', ' ', '1', 'null', '"a"', '{"a":1}', '[]');
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 9 }), (signs) => {
        for (const json of [signs.join(''), `[${signs.join('')}]`]) {
          const whole = parsedWhole(json);
          expect(parsedBatch(json)).toEqual(Array.isArray(whole) ? whole : undefined);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('may begin with a byte order mark', () => {
    expect(parsedBatch('\uFEFF[1]')).toEqual([1]);
  });

  it('is refused at the first element too many', () => {
    expect(statusOf(`[${'[],'.repeat(100)}`, BATCH)).toBe(400);
    expect(statusOf(`[${'[],'.repeat(101)}`, BATCH)).toBe(413);
  });

  it('loses only the element that is too deep, has too many values, or is too long to be a ticket', () => {
    const deep = nested(MAX_JSON_DEPTH + 1);
    const many = `[${'1,'.repeat(MAX_JSON_VALUES)}1]`;
    const long = JSON.stringify('a'.repeat(6 * 64 * 1024));
    const [first, ...others] = parsedBatch(`[${deep},1,${many},2,${long},3]`, 4096) ?? [];
    expect([first, others[1], others[3]].map((item) => (item as HttpProblem).problem.status)).toEqual([400, 413, 413]);
    expect([others[0], others[2], others[4]]).toEqual([1, 2, 3]);
  });
});
