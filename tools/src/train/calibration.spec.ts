import {
  atThreshold,
  calibrated,
  calibrateOutOfFold,
  expectedCalibrationError,
  fitScale,
  lowestThreshold,
  reliability,
} from './calibration';
import { randomFrom } from './random';

/** Labels drawn from softmax(scale x logits), so that `scale` is the right answer. */
function drawn(scale: number, count: number): { logits: number[][]; truth: number[] } {
  const random = randomFrom(3);
  const logits = Array.from({ length: count }, () => [4 * random() - 2, 4 * random() - 2, 4 * random() - 2]);
  const truth = logits.map((row) => {
    const [first = 0, second = 0] = calibrated(row, scale);
    const draw = random();
    return draw < first ? 0 : draw < first + second ? 1 : 2;
  });
  return { logits, truth };
}

describe('calibration', () => {
  it('finds the scale that the labels were drawn with', () => {
    for (const scale of [0.5, 1, 2]) {
      const { logits, truth } = drawn(scale, 4000);
      expect(Math.abs(Math.log(fitScale(logits, truth) / scale))).toBeLessThan(0.1);
    }
  });

  it('gives probabilities that add up to 1 and keep the order, also of huge log-odds', () => {
    const [a = 0, b = 0, c = 0] = calibrated([1000, 999, -1000], 2);
    expect(a + b + c).toBeCloseTo(1, 12);
    expect(a).toBeGreaterThan(b);
    expect(b).toBeGreaterThan(c);
  });

  it('is never fitted to the fold that it calibrates', () => {
    const { logits, truth } = drawn(1, 200);
    const group = [0, 1, 2, 3];
    const rest = truth.map((_, i) => i).slice(4);
    const turned = truth.map((label, i) => (i < 4 ? (label + 1) % 3 : label));
    const folds = [
      { train: rest, test: group },
      { train: group, test: rest },
    ];
    const first = calibrateOutOfFold(logits, truth, folds);
    const second = calibrateOutOfFold(logits, turned, folds);
    expect(group.map((i) => second[i])).toEqual(group.map((i) => first[i]));
    expect(rest.map((i) => second[i])).not.toEqual(rest.map((i) => first[i]));
  });
});

const answers = [
  { confidence: 1, right: true },
  { confidence: 0.95, right: true },
  { confidence: 0.85, right: true },
  { confidence: 0.81, right: false },
  { confidence: 0.45, right: false },
];

describe('reliability', () => {
  it('puts answers into bins of confidence, the whole range included', () => {
    const bins = reliability(answers);
    expect(bins.map(({ tickets }) => tickets)).toEqual([1, 2, 2]);
    expect(bins.map(({ accuracy }) => accuracy)).toEqual([0, 0.5, 1]);
    expect(bins[2]?.meanConfidence).toBeCloseTo(0.975, 12);
  });

  it('sums up as the mean distance of confidence from accuracy', () => {
    const expected = (1 * 0.45 + 2 * Math.abs(0.83 - 0.5) + 2 * 0.025) / 5;
    expect(expectedCalibrationError(reliability(answers))).toBeCloseTo(expected, 12);
  });
});

describe('the review threshold', () => {
  it('divides answers into those without and those with a review', () => {
    expect(atThreshold(answers, 0.81)).toEqual({ threshold: 0.81, coverage: 0.8, accuracy: 0.75, accuracyBelow: 0 });
  });

  it('is the lowest one above which enough answers are right', () => {
    expect(lowestThreshold(answers, 0.75)).toBe(0.46);
    expect(lowestThreshold(answers, 1)).toBe(0.82);
    expect(lowestThreshold([{ confidence: 0.9, right: false }], 0.5)).toBe(1);
  });
});
