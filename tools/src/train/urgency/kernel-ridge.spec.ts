import { randomFrom } from '../random';
import { cholesky, solveBackward, solveForward } from './cholesky';
import { type Gram, KernelRidge } from './kernel-ridge';

const SIZE = 23;
const random = randomFrom(3);
const places = Array.from({ length: SIZE }, () => [random(), random()]);
const targets = places.map(([x = 0, y = 0]) => Math.sin(3 * x) + y);
const gram: Gram = {
  size: SIZE,
  values: Float64Array.from(
    places.flatMap(([x = 0, y = 0]) =>
      places.map(([u = 0, v = 0]) => Math.exp(-2 * ((x - u) ** 2 + (y - v) ** 2)) + x * u),
    ),
  ),
};

describe('the Cholesky factor', () => {
  it('solves the system of its matrix', () => {
    const system = gram.values.map((value, at) => value + (at % (SIZE + 1) === 0 ? 0.3 : 0));
    const lower = cholesky(system.slice(), SIZE);
    const b = Float64Array.from(targets);
    const x = solveBackward(lower, SIZE, solveForward(lower, SIZE, b));
    for (let i = 0; i < SIZE; i++) {
      const product = x.reduce((sum, value, j) => sum + value * (system[i * SIZE + j] ?? 0), 0);
      expect(product).toBeCloseTo(b[i] ?? NaN, 9);
    }
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow('positive definite');
  });
});

/** The answer of a regression that is fitted to some of the tickets. */
function answerOf({ relevances, mean }: Pick<KernelRidge, 'relevances' | 'mean'>, train: readonly number[], i: number) {
  return train.reduce((sum, j, k) => sum + (gram.values[i * SIZE + j] ?? 0) * (relevances[k] ?? 0), mean);
}

describe('kernel ridge regression', () => {
  it('follows the targets the closer, the smaller the penalty', () => {
    const all = [...targets.keys()];
    const miss = (ridge: number): number => {
      const fitted = KernelRidge.fit(gram, targets, ridge);
      return Math.max(...targets.map((target, i) => Math.abs(answerOf(fitted, all, i) - target)));
    };
    expect(miss(1e-3)).toBeLessThan(0.02);
    expect(miss(1)).toBeGreaterThan(miss(1e-3));
  });

  it('answers for groups left out what it answers when it is fitted without each', () => {
    // A group with a gap and one of a single ticket among them.
    const groups = [[0, 1, 2, 9], [3], [4, 5, 6, 7, 8], Array.from({ length: SIZE - 10 }, (_, i) => i + 10)];
    const mean = targets.reduce((sum, target) => sum + target, 0) / SIZE;
    const quick = KernelRidge.fit(gram, targets, 0.3).answersLeavingOut(groups);
    for (const group of groups) {
      const train = [...targets.keys()].filter((i) => !group.includes(i));
      const known = train.map((i) => (targets[i] ?? 0) - mean);
      // The closed form keeps the mean of all tickets: so does one more target that balances the sum and is similar to nothing.
      const size = train.length + 1;
      const values = new Float64Array(size ** 2);
      train.forEach((i, r) => train.forEach((j, c) => (values[r * size + c] = gram.values[i * SIZE + j] ?? 0)));
      const balance = -known.reduce((sum, target) => sum + target, 0);
      const { relevances, mean: rest } = KernelRidge.fit({ size, values }, [...known, balance], 0.3);
      for (const i of group) {
        expect(quick[i]).toBeCloseTo(answerOf({ relevances, mean: mean + rest }, train, i), 8);
      }
    }
  });
});
