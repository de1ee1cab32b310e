import {
  accuracy,
  argmax,
  cohensKappa,
  confusionMatrix,
  f1Scores,
  logLoss,
  macroF1,
  meanAbsoluteError,
  spearman,
} from './metrics';

const truth = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2];
const predicted = [0, 0, 0, 1, 1, 1, 2, 2, 2, 0];

describe('metrics', () => {
  it('count predictions by true and predicted class', () => {
    expect(confusionMatrix(truth, predicted, 3)).toEqual([
      [3, 1, 0],
      [0, 2, 1],
      [1, 0, 2],
    ]);
    expect(accuracy(truth, predicted)).toBeCloseTo(0.7, 12);
  });

  it('give F1 as the harmonic mean of precision and recall, each class counting the same', () => {
    const [first, second, third] = f1Scores(confusionMatrix(truth, predicted, 3));
    expect(first).toBeCloseTo(0.75, 12);
    expect(second).toBeCloseTo(2 / 3, 12);
    expect(third).toBeCloseTo(2 / 3, 12);
    expect(macroF1(truth, predicted, 3)).toBeCloseTo((0.75 + 4 / 3) / 3, 12);
    expect(
      f1Scores([
        [0, 0],
        [0, 4],
      ]),
    ).toEqual([0, 1]);
  });

  it('measure agreement beyond chance by kappa', () => {
    // The worked example of 50 grants and two readers: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no.
    expect(
      cohensKappa([
        [20, 5],
        [10, 15],
      ]),
    ).toBeCloseTo(0.4, 12);
    expect(
      cohensKappa([
        [5, 0],
        [0, 5],
      ]),
    ).toBe(1);
    expect(
      cohensKappa([
        [5, 0],
        [0, 0],
      ]),
    ).toBe(1);
    expect(
      cohensKappa([
        [1, 1],
        [1, 1],
      ]),
    ).toBeCloseTo(0, 12);
  });

  it('penalise confident mistakes by log loss, which is always finite', () => {
    expect(
      logLoss(
        [0, 1],
        [
          [0.5, 0.5],
          [0.25, 0.75],
        ],
      ),
    ).toBeCloseTo((Math.log(2) - Math.log(0.75)) / 2, 12);
    expect(Number.isFinite(logLoss([0], [[0, 1]]))).toBe(true);
  });

  it('give the position of the first of equal largest numbers', () => {
    expect(argmax([1, 3, 3])).toBe(1);
  });
});

describe('rank correlation', () => {
  it('is 1 for the same order at any distances, and -1 for the opposite order', () => {
    expect(spearman([1, 2, 3, 4], [0.1, 0.2, 0.9, 100])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 12);
  });

  it('lets equal values share their ranks', () => {
    // By hand: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4 give 4.5 / sqrt(4.5 x 5).
    expect(spearman([1, 5, 5, 9], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  });

  it('is 0 where one side does not vary', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBe(0);
  });
});

describe('mean absolute error', () => {
  it('is the mean distance', () => {
    expect(meanAbsoluteError([0.5, 0.2], [0.1, 0.4])).toBeCloseTo(0.3, 12);
  });
});
