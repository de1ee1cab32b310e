import * as fc from 'fast-check';
import { words } from '../spec-support/storm-log';
import { type QuantisedVector, cosine, quantise } from '../vectors/quantised-vector';
import { type QuantisedSparseVector, sparseCosine } from '../vectors/quantised-sparse-vector';
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
  it('finds exactly those that a comparison with every vector finds, also among thousands and after deletions', () => {
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

  it('finds them while the oldest are deleted as new ones are added, and when hardly any are left', () => {
    const vectors = aCorpus(4000, 5);
    const index = new DenseIndex<number>(LENGTH, 0.8);
    const alive = new Set<number>();
    const isRight = (newcomer: QuantisedVector): void => {
      const expected = [...alive].flatMap((key) => {
        const similarity = cosine(newcomer, vectors[key] as QuantisedVector);
        return similarity > 0.8 ? [{ key, similarity }] : [];
      });
      expect(index.near(newcomer).sort(byKey)).toEqual(expected.sort(byKey));
    };
    const drop = (key: number): void => {
      index.delete(key);
      alive.delete(key);
    };
    vectors.forEach((vector, key) => {
      index.add(key, vector);
      alive.add(key);
      if (key >= 1000) drop(key - 1000);
      if (key % 97 === 0) isRight(vector);
    });
    const first = index.get(3000);
    for (let key = 3000; key < 4000; key += 1) if (key % 50 !== 1) drop(key);
    vectors.slice(3000, 3100).forEach(isRight);
    expect(index.get(3001)).toEqual(vectors[3001]);
    // Was read before it went.
    expect(first).toEqual(vectors[3000]);
    expect(index.get(3000)).toBeUndefined();
    for (const key of [...alive]) drop(key);
    expect(index.near(vectors[3001] as QuantisedVector)).toEqual([]);
  });

  it('works with a thousand equal vectors', () => {
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

  it('finds exactly those that a comparison with every vector finds', () => {
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

  it('finds them after any additions and deletions', () => {
    const deeds = fc.array(fc.tuple(fc.nat({ max: 15 }), sparse), { maxLength: 80 });
    fc.assert(
      fc.property(deeds, sparse, fc.constantFrom(0, 0.3, 0.8), (steps, newcomer, min) => {
        const index = new SparseIndex<number>(min);
        const alive = new Map<number, QuantisedSparseVector>();
        for (const [key, vector] of steps) {
          if (alive.delete(key)) index.delete(key);
          else {
            alive.set(key, vector);
            index.add(key, vector);
          }
        }
        expect(index.near(newcomer).sort(byKey)).toEqual(likeIn(alive, newcomer, min));
        for (const [key, vector] of alive) expect(index.get(key)).toEqual(vector);
        expect(index.size).toBe(alive.size);
      }),
      { numRuns: 500 },
    );
  });

  it('finds them among thousands, also when hardly any are left', () => {
    const vectors = someTexts(3000);
    const index = new SparseIndex<number>(0.6);
    const alive = new Map<number, QuantisedSparseVector>();
    const drop = (key: number): void => {
      index.delete(key);
      alive.delete(key);
    };
    vectors.forEach((vector, key) => {
      index.add(key, vector);
      alive.set(key, vector);
      if (key >= 2000) drop(key - 2000);
      if (key % 41 === 0) expect(index.near(vector).sort(byKey)).toEqual(likeIn(alive, vector, 0.6));
    });
    const first = index.get(1000);
    for (let key = 1000; key < 3000; key += 1) if (key % 40 !== 1) drop(key);
    for (const vector of vectors.slice(2900)) {
      expect(index.near(vector).sort(byKey)).toEqual(likeIn(alive, vector, 0.6));
    }
    // Was read before it went.
    expect(first).toEqual(vectors[1000]);
    expect(index.get(1000)).toBeUndefined();
    for (const key of [...alive.keys()]) drop(key);
    expect(index.near(vectors[1001] as QuantisedSparseVector)).toEqual([]);
  });

  it('refuses a key that it has', () => {
    const index = new SparseIndex<string>(0.5);
    index.add('a', words([4_000_000_000, 1]));
    expect(() => index.add('a', words([1, 1]))).toThrow('a vector of this key already');
    expect(index.near(words([4_000_000_000, 1]))).toEqual([{ key: 'a', similarity: 1 }]);
  });
});

function likeIn(alive: ReadonlyMap<number, QuantisedSparseVector>, newcomer: QuantisedSparseVector, min: number) {
  return [...alive]
    .map(([key, vector]) => ({ key, similarity: sparseCosine(newcomer, vector) }))
    .filter(({ similarity }) => similarity > min)
    .sort(byKey);
}

/** Vectors of a few common words and many rare ones, with numbers from all over the 32 bits; some nearly alike. */
function someTexts(count: number): QuantisedSparseVector[] {
  let state = 7;
  const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  const numberOf = (word: number): number => (word * 2_654_435_761) % 2 ** 32;
  return Array.from({ length: count }, (_, index) => {
    const topic = random(200);
    const weights = new Map([[numberOf(1), 0.3]]);
    for (let word = 0; word < 12; word += 1) weights.set(numberOf(1000 + topic * 12 + word), 0.5 + (word % 3) / 6);
    for (let word = 0; word < 1 + (index % 20); word += 1) weights.set(numberOf(10 + random(900)), 0.4);
    return words(...[...weights].sort(([a], [b]) => a - b));
  });
}
