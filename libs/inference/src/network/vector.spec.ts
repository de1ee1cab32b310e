import { normalised, pool } from './vector';

const hidden = Float32Array.of(1, -2, 3, 4, 5, -8);

describe('the vector of a text', () => {
  it.each([
    ['mean', [3, -2]],
    ['cls', [1, -2]],
    ['max', [5, 4]],
  ] as const)('is the %s of those of its tokens', (pooling, expected) => {
    expect([...pool(hidden, 3, pooling)]).toEqual(expected);
  });

  it('has length 1, and stays as it is if it had', () => {
    expect([...normalised(Float32Array.of(3, 4))]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
    const vector = Float32Array.of(0.6, 0.8);
    expect(normalised(vector)).toBe(vector);
  });

  it.each([[[0, 0]], [[Number.NaN, 1]], [[Number.POSITIVE_INFINITY, 1]]])('cannot be %p', (values) => {
    expect(() => normalised(Float32Array.from(values))).toThrow(/without a direction/);
  });
});
