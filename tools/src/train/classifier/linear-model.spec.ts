import fc from 'fast-check';
import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';
import { embeddingLogits, fitEmbeddingModel } from './fit-embedding-model';
import { fitLinearModel } from './linear-model';

const OPTIONS = { steps: 20, learningRate: 0.1 };

const meansOf = (rows: readonly (readonly number[])[]): number[] =>
  (rows[0] ?? []).map((_, k) => rows.reduce((sum, row) => sum + (row[k] ?? 0), 0) / rows.length);

/** Weights that ml-logistic-regression learns from an ordinary matrix. */
function fitOrdinary(rows: readonly (readonly number[])[], classes: readonly number[]): number[][] {
  const regression = new LogisticRegression({ numSteps: OPTIONS.steps, learningRate: OPTIONS.learningRate });
  regression.train(new Matrix(rows.map((row) => [...row])), Matrix.columnVector([...classes]));
  return regression.classifiers.map(({ weights }) => weights.getRow(0).map((weight) => -weight));
}

describe('the linear model of sparse rows', () => {
  it('is the one that ml-logistic-regression learns from an ordinary matrix', () => {
    const value = fc.oneof(fc.constant(0), fc.double({ min: -2, max: 2, noNaN: true }));
    const rows = fc.array(fc.array(value, { minLength: 4, maxLength: 4 }), { minLength: 6, maxLength: 12 });
    fc.assert(
      fc.property(rows, (dense) => {
        const classes = dense.map((_, i) => i % 3);
        const means = meansOf(dense);
        const filled = dense.map((row) => [...row.entries()].filter(([, number]) => number !== 0));
        const sparse = {
          starts: Int32Array.from([0, ...filled.map((_, r) => filled.slice(0, r + 1).flat().length)]),
          columns: Int32Array.from(filled.flat(), ([column]) => column),
          values: Float64Array.from(filled.flat(), ([, number]) => number),
          width: 4,
          centre: Float64Array.from(means),
        };
        const centred = dense.map((row) => [...row.map((number, k) => number - (means[k] ?? 0)), 0.15]);
        const ordinary = fitOrdinary(centred, classes);
        fitLinearModel(sparse, classes, { ...OPTIONS, constant: 0.15 }).forEach((weights, k) => {
          weights.forEach((weight, i) => expect(weight).toBeCloseTo(ordinary[k]?.[i] ?? NaN, 9));
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('the model of embeddings', () => {
  const fit = (vectors: readonly Float32Array[], labels: readonly number[]) =>
    fitEmbeddingModel({ vectors, labels }, { ...OPTIONS, standardised: true });

  it('is the one that ml-logistic-regression learns from standardised columns', () => {
    const row = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 6, maxLength: 12 }), (dense) => {
        const classes = dense.map((_, i) => i % 3);
        const means = meansOf(dense);
        const squares = meansOf(dense.map((numbers) => numbers.map((number, k) => (number - (means[k] ?? 0)) ** 2)));
        const standardised = dense.map((numbers) => [
          ...numbers.map((number, k) =>
            squares[k] === 0 ? 0 : (number - (means[k] ?? 0)) / Math.sqrt(squares[k] ?? 1),
          ),
          1,
        ]);
        const ordinary = fitOrdinary(standardised, classes);
        const vectors = dense.map((numbers) => Float32Array.from(numbers));
        const model = fit(vectors, classes);
        standardised.forEach((numbers, r) => {
          const odds = ordinary.map((weights) =>
            numbers.reduce((sum, number, i) => sum + number * (weights[i] ?? 0), 0),
          );
          embeddingLogits(model, vectors[r] ?? new Float32Array()).forEach((logit, k) =>
            expect(logit).toBeCloseTo(odds[k] ?? NaN, 6),
          );
        });
      }),
      { numRuns: 30 },
    );
  });

  it('learns nothing from a column that hardly changes', () => {
    const classes = [0, 1, 2, 0, 1, 2];
    const { weights } = fit(
      classes.map((k, i) => Float32Array.of(k, -k + i / 10, 1e-20 * k)),
      classes,
    );
    expect(Math.abs(weights[0] ?? 0)).toBeGreaterThan(0.01);
    for (const weight of weights.slice(6)) expect(Math.abs(weight * 1e-20)).toBeLessThan(1e-6);
  });

  it('accepts rows that are all the same', () => {
    const { weights, biases } = fit(
      [0, 1, 2].map(() => Float32Array.of(3, 3)),
      [0, 1, 2],
    );
    expect([...weights, ...biases].every(Number.isFinite)).toBe(true);
  });
});
