import { type ComparedText, assertStorm, similaritiesOf } from './similarity';

const RULES = { similarity: 0.9, baselineSimilarity: 0.65 };

/** A text at an angle, in degrees, by meaning and by words. */
function at(degrees: number): ComparedText {
  const [x, y] = [Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI)];
  const words = { indices: Uint32Array.from([1, 2]), values: Float32Array.from([x, y]) };
  return { text: `${degrees}`, vector: Float32Array.from([x, y]), words };
}

describe('the similarity of texts', () => {
  it('is that of the least and the most similar pair', () => {
    const { least, most, leastByWords, mostByWords } = similaritiesOf([at(0), at(10), at(60)]);
    for (const [found, expected] of [[least, 0.5] as const, [leastByWords, 0.5] as const]) {
      expect(found).toBeCloseTo(expected, 1);
    }
    expect(most).toBeCloseTo(Math.cos(Math.PI / 18), 1);
    expect(mostByWords).toBeCloseTo(Math.cos(Math.PI / 18), 1);
  });
});

describe('texts that are to prove something', () => {
  it('must be a storm', () => {
    expect(() => assertStorm([at(0), at(5)], [at(90)], RULES)).not.toThrow();
    expect(() => assertStorm([at(0), at(45)], [at(90)], RULES)).toThrow('not similar');
  });

  it('must be alone where they are not of it', () => {
    expect(() => assertStorm([at(0), at(5)], [at(15)], RULES)).toThrow('unrelated');
    expect(() => assertStorm([at(0), at(5)], [at(80), at(88)], RULES)).toThrow('unrelated');
  });
});
