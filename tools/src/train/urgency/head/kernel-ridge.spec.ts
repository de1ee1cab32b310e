import { randomFrom } from '../../random';
import { cholesky, solveBackward, solveForward } from './cholesky';
import { answersFor, fitRidge, type Gram, leaveGroupsOut, partOf } from './kernel-ridge';

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
  it('solves the system that it was made of', () => {
    const system = gram.values.map((value, at) => value + (at % (SIZE + 1) === 0 ? 0.3 : 0));
    const lower = cholesky(system.slice(), SIZE);
    const b = Float64Array.from(targets);
    const x = solveBackward(lower, SIZE, solveForward(lower, SIZE, b));
    for (let i = 0; i < SIZE; i++) {
      const product = x.reduce((sum, value, j) => sum + value * (system[i * SIZE + j] ?? 0), 0);
      expect(product).toBeCloseTo(b[i] ?? NaN, 9);
    }
  });

  it('refuses a matrix that has none', () => {
    expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow('positive definite');
  });
});

describe('kernel ridge regression', () => {
  it('follows the targets the closer, the smaller the penalty', () => {
    const all = [...targets.keys()];
    const miss = (ridge: number): number =>
      Math.max(
        ...answersFor(gram, fitRidge(gram, targets, ridge), all, all).map((answer, i) =>
          Math.abs(answer - (targets[i] ?? 0)),
        ),
      );
    expect(miss(1e-3)).toBeLessThan(0.02);
    expect(miss(1)).toBeGreaterThan(miss(1e-3));
  });

  it('answers for groups left out in one go what it answers when it is fitted without each', () => {
    // A group with a gap and one of a single ticket among them.
    const groups = [[0, 1, 2, 9], [3], [4, 5, 6, 7, 8], Array.from({ length: SIZE - 10 }, (_, i) => i + 10)];
    const mean = targets.reduce((sum, target) => sum + target, 0) / SIZE;
    const centred = targets.map((target) => target - mean);
    const quick = leaveGroupsOut(gram, targets, 0.3, groups);
    for (const group of groups) {
      const train = [...targets.keys()].filter((i) => !group.includes(i));
      const known = train.map((i) => centred[i] ?? 0);
      // Held to the mean of all, as the closed form is: a target more that balances the sum and is like nothing else.
      const { size, values } = partOf(gram, train);
      const wider = new Float64Array((size + 1) ** 2);
      values.forEach((value, at) => (wider[Math.floor(at / size) * (size + 1) + (at % size)] = value));
      const balance = -known.reduce((sum, target) => sum + target, 0);
      const { relevances, mean: rest } = fitRidge({ size: size + 1, values: wider }, [...known, balance], 0.3);
      const slow = answersFor(gram, { relevances, mean: mean + rest }, train, group);
      group.forEach((i, k) => expect(quick[i]).toBeCloseTo(slow[k] ?? NaN, 8));
    }
  });
});
