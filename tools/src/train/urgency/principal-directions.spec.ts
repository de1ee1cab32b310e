import { principalDirections } from './principal-directions';

describe('principal directions', () => {
  const vectors = Array.from({ length: 40 }, (_, i) =>
    Float32Array.of(5 + Math.sin(i), -3 * Math.cos(i) + 2, 0.1 * Math.sin(7 * i)),
  );

  it('are those in which vectors differ most, wherever their mean lies', () => {
    const [x = 0, y = 0, z = 0] = principalDirections(vectors, 1);
    expect(Math.abs(y)).toBeGreaterThan(0.99);
    expect(Math.hypot(x, y, z)).toBeCloseTo(1, 10);
  });

  it('stand at right angles and always point the same way', () => {
    const directions = principalDirections(vectors, 3);
    const at = (k: number): Float64Array => directions.subarray(3 * k, 3 * k + 3);
    const product = (a: Float64Array, b: Float64Array): number =>
      a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
    expect(product(at(0), at(1))).toBeCloseTo(0, 10);
    expect(product(at(1), at(2))).toBeCloseTo(0, 10);
    const mirrored = principalDirections(
      vectors.map((vector) => vector.map((value) => -value)),
      3,
    );
    directions.forEach((value, i) => expect(mirrored[i]).toBeCloseTo(value, 6));
  });
});
