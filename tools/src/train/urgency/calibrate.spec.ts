import { calibrate, calibrateOutOfFold, fitCalibration } from './calibrate';

const ANSWERS = Array.from({ length: 60 }, (_, i) => (i - 30) / 10);
const LABELS = ANSWERS.map((answer) => 1 / (1 + Math.exp(-(2 * answer - 0.5))));

describe('calibration', () => {
  it('finds the line that made the labels', () => {
    const { slope, bias } = fitCalibration(ANSWERS, LABELS);
    expect(slope).toBeCloseTo(2, 3);
    expect(bias).toBeCloseTo(-0.5, 3);
    expect(calibrate({ slope, bias }, 1)).toBeCloseTo(1 / (1 + Math.exp(-1.5)), 3);
  });

  it('never turns the order around', () => {
    expect(fitCalibration(ANSWERS, [...LABELS].reverse()).slope).toBe(0);
  });

  it('is never fitted to the fold that it calibrates', () => {
    const group = [...ANSWERS.keys()].slice(0, 20);
    const rest = [...ANSWERS.keys()].slice(20);
    const wrong = LABELS.map((label, i) => (i < 20 ? 1 - label : label));
    const scores = calibrateOutOfFold(ANSWERS, wrong, [
      { train: rest, test: group },
      { train: group, test: rest },
    ]);
    for (const i of group) expect(scores[i]).toBeCloseTo(LABELS[i] ?? NaN, 2);
  });
});
