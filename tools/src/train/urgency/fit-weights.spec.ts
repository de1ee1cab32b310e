import { randomFrom } from '../random';
import { fitCalibration, fitWeights, type Observations, predict } from './fit-weights';

/** Scores made by known weights from random vectors. */
function madeWith(bias: number, weights: readonly number[], count = 400): Observations {
  const random = randomFrom(5);
  const vectors = Array.from({ length: count }, () =>
    Float64Array.from(weights, () => (random() < 0.4 ? random() * 2 : 0)),
  );
  return { vectors, scores: vectors.map((vector) => predict({ bias, weights: Float64Array.from(weights) }, vector)) };
}

describe('fitting weights', () => {
  it('finds the weights that made the scores', () => {
    const fitted = fitWeights(madeWith(-0.5, [1.2, 0.3, -0.8]), [1, 1, -1], 0);
    expect(fitted.bias).toBeCloseTo(-0.5, 4);
    [1.2, 0.3, -0.8].forEach((weight, index) => expect(fitted.weights[index]).toBeCloseTo(weight, 4));
  });

  it('keeps a weight at 0 rather than on the wrong side', () => {
    const { weights } = fitWeights(madeWith(0, [0.7, 0.9, -0.4]), [1, -1, 1], 0.1);
    expect(weights[0]).toBeGreaterThan(0);
    expect(weights[1]).toBe(0);
    expect(weights[2]).toBe(0);
  });

  it('makes weights smaller as the penalty grows, but not the bias', () => {
    const data = madeWith(1.5, [1, -1]);
    const free = fitWeights(data, [1, -1], 0);
    const penalised = fitWeights(data, [1, -1], 1000);
    expect(Math.abs(penalised.weights[0] ?? 1)).toBeLessThan(Math.abs(free.weights[0] ?? 0) / 5);
    expect(penalised.bias).toBeGreaterThan(1);
  });

  it('leaves the weight of a signal that was never seen at 0', () => {
    const { vectors, scores } = madeWith(0.2, [0.5]);
    const wider = vectors.map((vector) => Float64Array.of(vector[0] ?? 0, 0));
    expect(fitWeights({ vectors: wider, scores }, [1, 1], 1).weights[1]).toBe(0);
  });
});

describe('calibration', () => {
  const answers = Array.from({ length: 60 }, (_, i) => (i - 30) / 10);
  const labels = answers.map((answer) => 1 / (1 + Math.exp(-(2 * answer - 0.5))));

  it('finds the line that made the labels', () => {
    const { slope, bias } = fitCalibration(answers, labels);
    expect(slope).toBeCloseTo(2, 3);
    expect(bias).toBeCloseTo(-0.5, 3);
  });

  it('never turns the order around', () => {
    expect(fitCalibration(answers, [...labels].reverse()).slope).toBe(0);
  });
});
