import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { CentredRows, type SparseRows } from './centred-rows';
import { trainOneVersusRest } from './one-versus-rest';

function sparse(dense: readonly (readonly number[])[]): SparseRows {
  const starts = [0];
  const columns: number[] = [];
  const values: number[] = [];
  for (const row of dense) {
    row.forEach((value, column) => {
      if (value === 0) return;
      columns.push(column);
      values.push(value);
    });
    starts.push(columns.length);
  }
  return {
    starts: Int32Array.from(starts),
    columns: Int32Array.from(columns),
    values: Float64Array.from(values),
    width: dense[0]?.length ?? 0,
  };
}

/** The same as an ordinary matrix: mean row taken off, a constant column added. */
function centredByHand(dense: readonly (readonly number[])[], bias: number): Matrix {
  const width = dense[0]?.length ?? 0;
  const mean = Array.from(
    { length: width },
    (_, k) => dense.reduce((sum, row) => sum + (row[k] ?? 0), 0) / dense.length,
  );
  return new Matrix(dense.map((row) => [...row.map((value, k) => value - (mean[k] ?? 0)), bias]));
}

describe('sparse centred rows', () => {
  it('teach ml-logistic-regression exactly what an ordinary matrix does', () => {
    const value = fc.oneof(fc.constant(0), fc.double({ min: -2, max: 2, noNaN: true }));
    const rows = fc.array(fc.array(value, { minLength: 4, maxLength: 4 }), { minLength: 6, maxLength: 12 });
    fc.assert(
      fc.property(rows, (dense) => {
        const classes = dense.map((_, i) => i % 3);
        const options = { steps: 20, learningRate: 0.1 };
        const ordinary = trainOneVersusRest(centredByHand(dense, 0.15), classes, options);
        trainOneVersusRest(new CentredRows(sparse(dense), 0.15), classes, options).forEach((weights, k) => {
          weights.forEach((weight, i) => expect(weight).toBeCloseTo(ordinary[k]?.[i] ?? NaN, 9));
        });
      }),
      { numRuns: 30 },
    );
  });
});
