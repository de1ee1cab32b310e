import * as fc from 'fast-check';
import { hypergeometricTail } from './burst-probability';

const choose = (n: number, k: number): bigint => {
  let result = 1n;
  for (let index = 0; index < k; index += 1) result = (result * BigInt(n - index)) / BigInt(index + 1);
  return k < 0 || k > n ? 0n : result;
};

/** The same in whole numbers. */
function exact(population: number, marked: number, drawn: number, atLeast: number): number {
  let sum = 0n;
  for (let count = atLeast; count <= Math.min(marked, drawn); count += 1) {
    sum += choose(marked, count) * choose(population - marked, drawn - count);
  }
  const digits = 10n ** 30n;
  return Number((sum * digits) / choose(population, drawn)) / Number(digits);
}

describe('the upper tail of the hypergeometric distribution', () => {
  it('is that of whole numbers', () => {
    const counts = fc
      .nat({ max: 80 })
      .chain((population) =>
        fc.tuple(
          fc.constant(population),
          fc.nat({ max: population }),
          fc.nat({ max: population }),
          fc.nat({ max: 40 }),
        ),
      );
    fc.assert(
      fc.property(counts, ([population, marked, drawn, atLeast]) => {
        const tail = hypergeometricTail(population, marked, drawn, atLeast);
        expect(tail).toBeCloseTo(exact(population, marked, drawn, atLeast), 10);
      }),
      { numRuns: 1000 },
    );
  });

  it('is precise far below a millionth, also among a hundred thousand', () => {
    const tail = hypergeometricTail(100_000, 30, 1_000, 12);
    expect(tail / exact(100_000, 30, 1_000, 12)).toBeCloseTo(1, 6);
    expect(tail).toBeLessThan(1e-12);
  });

  it('does not rise with the count, and is 1 for none', () => {
    expect(hypergeometricTail(50, 10, 20, 0)).toBe(1);
    const tails = Array.from({ length: 12 }, (_, count) => hypergeometricTail(50, 10, 20, count));
    expect(tails).toEqual([...tails].sort((a, b) => b - a));
    expect(tails.at(-1)).toBe(0);
  });

  it('is nearly 1 for counts that are far fewer than probable', () => {
    expect(hypergeometricTail(100_000, 50_000, 50_000, 1)).toBeCloseTo(1, 6);
    expect(hypergeometricTail(4_000, 2_000, 2_000, 100)).toBeCloseTo(1, 6);
  });
});
