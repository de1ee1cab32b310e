import fc from 'fast-check';
import type { Answer } from '../thread-protocol';
import { AnswerCache } from './answer-cache';

const answerOf = (length: number): Answer => ({
  values: new Float32Array(length),
  tokens: 1,
  unknown_tokens: 0,
  truncated: false,
  tokenise_ms: 0,
  inference_ms: 0,
});

describe('the cache of answers', () => {
  it('forgets what was not used for longest', () => {
    const cache = new AnswerCache(2);
    cache.put('a', answerOf(1));
    cache.put('b', answerOf(1));
    cache.get('a');
    cache.put('c', answerOf(1));
    expect(['a', 'b', 'c'].map((key) => cache.has(key))).toEqual([true, false, true]);
  });

  it('caches nothing when its size is 0', () => {
    const cache = new AnswerCache(0);
    cache.put('a', answerOf(1));
    expect(cache.size).toBe(0);
  });

  it('counts bytes as well as entries: one huge text cannot push out the rest', () => {
    const cache = new AnswerCache(10);
    cache.put('a', answerOf(1));
    cache.put('x'.repeat(50_000), answerOf(1));
    expect([cache.has('a'), cache.size]).toEqual([true, 1]);
    for (let at = 0; at < 10; at++) cache.put(`${at}`.repeat(7000), answerOf(1));
    expect(cache.size).toBe(2);
  });

  it('stays within both bounds and returns what was put, whatever the order of calls', () => {
    const keys = ['__proto__', 'constructor', '', 'a', 'b'.repeat(3000), 'c'.repeat(9000)];
    const step = fc.record({ key: fc.constantFrom(...keys), length: fc.integer({ min: 0, max: 3000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const cache = new AnswerCache(4);
        for (const { key, length } of steps) {
          const answer = answerOf(length);
          cache.put(key, answer);
          expect([answer, undefined]).toContain(cache.get(key));
          const kept = keys.filter((each) => cache.has(each));
          const bytes = kept.reduce(
            (sum, each) => sum + each.length * 2 + (cache.get(each)?.values.byteLength ?? 0),
            0,
          );
          expect(kept.length).toBe(cache.size);
          expect(cache.size).toBeLessThanOrEqual(4);
          expect(bytes).toBeLessThanOrEqual(4 * 4096);
        }
      }),
    );
  });
});
