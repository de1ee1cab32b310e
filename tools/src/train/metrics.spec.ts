import { accuracy, argmax, cohensKappa, confusionMatrix, f1Scores, logLoss, macroF1 } from './metrics';

const truth = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2];
const predicted = [0, 0, 0, 1, 1, 1, 2, 2, 2, 0];

describe('metrics', () => {
  it('count who was taken for whom', () => {
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

  it('punish confident mistakes by log loss, without ever being infinite', () => {
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

  it('name the first of equal largest numbers', () => {
    expect(argmax([1, 3, 3])).toBe(1);
  });
});
