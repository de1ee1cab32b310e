import * as fc from 'fast-check';
import { words } from '../spec-support/storm-log';
import { cosine, quantise } from '../vectors/quantised-vector';
import { sparseCosine } from '../vectors/quantised-sparse-vector';
import { DenseIndex } from './dense-index';
import { principalDirections, inner } from './principal-directions';
import { SparseIndex } from './sparse-index';

const LENGTH = 48;

/** Embeddings of a few topics: some nearly alike, most not, as tickets are. */
function aCorpus(size: number, seed: number) {
  let state = seed + 1;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  const topics = Array.from({ length: 12 }, () => Float64Array.from({ length: LENGTH }, random));
  return Array.from({ length: size }, (_, index) => {
    const topic = topics[index % topics.length];
    const spread = index % 5 === 0 ? 0.2 : 0.9;
    return quantise(Float64Array.from({ length: LENGTH }, (__, at) => (topic?.[at] ?? 0) + spread * random()));
  });
}

const byKey = (a: { key: number }, b: { key: number }): number => a.key - b.key;

describe('an index of embeddings', () => {
  it('finds exactly those that comparing with every one finds, also among thousands and after deletions', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), fc.constantFrom(0.5, 0.8, 0.9), (seed, minSimilarity) => {
        const vectors = aCorpus(1500, seed);
        const index = new DenseIndex<number>(LENGTH, minSimilarity);
        vectors.forEach((vector, key) => index.add(key, vector));
        const gone = new Set(
          vectors.flatMap((_, key) => (key % 7 === seed % 7 || (key > 300 && key < 700) ? [key] : [])),
        );
        for (const key of gone) index.delete(key);
        let found = 0;
        for (const newcomer of aCorpus(12, seed).concat(vectors.slice(0, 40))) {
          const expected = vectors.flatMap((vector, key) => {
            const similarity = cosine(newcomer, vector);
            return !gone.has(key) && similarity > minSimilarity ? [{ key, similarity }] : [];
          });
          found += expected.length;
          expect(index.near(newcomer).sort(byKey)).toEqual(expected);
        }
        expect(found).toBeGreaterThan(0);
        expect(index.size).toBe(1500 - gone.size);
      }),
      { numRuns: 15 },
    );
  });

  it('bears a thousand times the same vector', () => {
    const [vector] = aCorpus(1, 1);
    if (!vector) throw new Error('no vector');
    const index = new DenseIndex<number>(LENGTH, 0.9);
    for (let key = 0; key < 1000; key += 1) index.add(key, vector);
    expect(index.near(vector)).toHaveLength(1000);
  });

  it('refuses vectors of another length', () => {
    const index = new DenseIndex<string>(LENGTH, 0.9);
    expect(() => index.add('short', quantise([1]))).toThrow('A vector has 1 numbers where others have 48');
    expect(() => index.near(quantise([1]))).toThrow('A vector has 1 numbers where others have 48');
  });
});

describe('the directions in which vectors differ most', () => {
  it('are orthonormal, and as many as there are', () => {
    const directions = principalDirections(aCorpus(100, 3), 8);
    expect(directions).toHaveLength(8);
    directions.forEach((a, i) => directions.forEach((b, j) => expect(inner(a, b)).toBeCloseTo(i === j ? 1 : 0, 9)));
    expect(principalDirections([quantise([1, 2])], 8)).toEqual([]);
    expect(principalDirections([], 8)).toEqual([]);
  });
});

describe('an index of words', () => {
  const sparse = fc
    .uniqueArray(fc.tuple(fc.nat({ max: 12 }), fc.integer({ min: -5, max: 30 })), {
      selector: ([index]) => index,
      maxLength: 8,
    })
    .map((entries) => words(...entries.sort(([a], [b]) => a - b)));

  it('finds exactly those that comparing with every one finds', () => {
    fc.assert(
      fc.property(
        fc.array(sparse, { maxLength: 60 }),
        sparse,
        fc.constantFrom(0, 0.4, 0.9),
        fc.nat({ max: 5 }),
        (vectors, newcomer, min, gone) => {
          const index = new SparseIndex<number>(min);
          vectors.forEach((vector, key) => index.add(key, vector));
          for (let key = 0; key < vectors.length; key += gone + 2) index.delete(key);
          const expected = vectors.flatMap((vector, key) => {
            const similarity = sparseCosine(newcomer, vector);
            return key % (gone + 2) !== 0 && similarity > min ? [{ key, similarity }] : [];
          });
          expect(index.near(newcomer).sort(byKey)).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});
