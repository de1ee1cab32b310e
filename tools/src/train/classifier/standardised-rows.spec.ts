import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { trainOneVersusRest } from './one-versus-rest';
import { StandardisedRows } from './standardised-rows';

/** The same as an ordinary matrix: standardised, a constant column added. */
function standardisedByHand(rows: readonly Float32Array[], bias: number): Matrix {
  const columns = Array.from(rows[0] ?? [], (_, k) => rows.map((row) => row[k] ?? 0));
  const standardised = columns.map((column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length;
    return column.map((value) => (variance === 0 ? 0 : (value - mean) / Math.sqrt(variance)));
  });
  return new Matrix(rows.map((_, r) => [...standardised.map((column) => column[r] ?? 0), bias]));
}

describe('standardised rows', () => {
  it('teach ml-logistic-regression exactly what an ordinary matrix does', () => {
    const row = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 4, maxLength: 4 });
    const rows = fc.array(row, { minLength: 6, maxLength: 12 }).map((all) => all.map((one) => Float32Array.from(one)));
    fc.assert(
      fc.property(rows, (dense) => {
        const classes = dense.map((_, i) => i % 3);
        const options = { steps: 20, learningRate: 0.1 };
        const ordinary = trainOneVersusRest(standardisedByHand(dense, 1), classes, options);
        trainOneVersusRest(new StandardisedRows(dense, 1), classes, options).forEach((weights, k) => {
          weights.forEach((weight, i) => expect(weight).toBeCloseTo(ordinary[k]?.[i] ?? NaN, 6));
        });
      }),
      { numRuns: 30 },
    );
  });

  it('let a column that hardly changes teach nothing', () => {
    const classes = [0, 1, 2, 0, 1, 2];
    const rows = classes.map((k, i) => Float32Array.of(k, -k + i / 10, 1e-20 * k));
    const trained = trainOneVersusRest(new StandardisedRows(rows, 1), classes, { steps: 20, learningRate: 0.1 });
    expect(Math.abs(trained[0]?.[0] ?? 0)).toBeGreaterThan(0.01);
    for (const weights of trained) expect(Math.abs(weights[2] ?? 1)).toBeLessThan(1e-6);
  });

  it('take rows that are all the same', () => {
    const rows = [0, 1, 2].map(() => Float32Array.of(3, 3));
    const trained = trainOneVersusRest(new StandardisedRows(rows, 1), [0, 1, 2], { steps: 3, learningRate: 0.1 });
    expect(trained.flatMap((weights) => [...weights]).every(Number.isFinite)).toBe(true);
  });
});
