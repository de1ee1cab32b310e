import { calibrated } from '../calibration';
import { logLoss } from '../metrics';
import { randomFrom } from '../random';
import { fitFusion, fuse, fuseOutOfFold, type Parts } from './fusion';

/** Labels drawn from the softmax of the fused log-odds, so that the given factors are the right answer. */
function drawn(wordsWeight: number, meaningWeight: number, count: number): { parts: Parts; truth: number[] } {
  const random = randomFrom(5);
  const odds = () => Array.from({ length: count }, () => [4 * random() - 2, 4 * random() - 2, 4 * random() - 2]);
  const parts = { words: odds(), meaning: odds() };
  const truth = parts.words.map((words, i) => {
    const [first = 0, second = 0] = calibrated(fuse(words, parts.meaning[i] ?? [], { wordsWeight, meaningWeight }), 1);
    const draw = random();
    return draw < first ? 0 : draw < first + second ? 1 : 2;
  });
  return { parts, truth };
}

describe('the fusion of words and meaning', () => {
  it.each([
    [1, 1],
    [0.7, 0.4],
    [2, 0],
  ])('finds the factors that the labels were drawn with: %d and %d', (wordsWeight, meaningWeight) => {
    const { parts, truth } = drawn(wordsWeight, meaningWeight, 6000);
    const fitted = fitFusion(parts, truth);
    expect(Math.abs(fitted.wordsWeight - wordsWeight)).toBeLessThan(0.1);
    expect(Math.abs(fitted.meaningWeight - meaningWeight)).toBeLessThan(0.1);
  });

  it('stops where no other factors make the labels more likely', () => {
    const { parts, truth } = drawn(0.7, 0.4, 300);
    const { wordsWeight, meaningWeight } = fitFusion(parts, truth);
    const loss = (words: number, meaning: number) =>
      logLoss(
        truth,
        parts.words.map((row, i) =>
          calibrated(fuse(row, parts.meaning[i] ?? [], { wordsWeight: words, meaningWeight: meaning }), 1),
        ),
      );
    const best = loss(wordsWeight, meaningWeight);
    for (const [words, meaning] of [
      [0.01, 0],
      [-0.01, 0],
      [0, 0.01],
      [0, -0.01],
    ] as const) {
      expect(loss(wordsWeight + words, meaningWeight + meaning)).toBeGreaterThan(best);
    }
  });

  it('leaves a part out that has no information', () => {
    const { parts, truth } = drawn(1, 0, 500);
    const silent = { ...parts, meaning: parts.meaning.map(() => [0, 0, 0]) };
    expect(fitFusion(silent, truth).wordsWeight).toBeGreaterThan(0.7);
  });

  it.each([
    [-1, 0.5],
    [0.5, -1],
    [-1, -1],
  ])('leaves a part out that is worse than chance: %d and %d', (wordsWeight, meaningWeight) => {
    const { parts, truth } = drawn(wordsWeight, meaningWeight, 1000);
    const fitted = fitFusion(parts, truth);
    expect(fitted.wordsWeight > 0).toBe(wordsWeight > 0);
    expect(fitted.meaningWeight > 0).toBe(meaningWeight > 0);
    expect(Math.min(fitted.wordsWeight, fitted.meaningWeight)).toBe(0);
  });

  it('is never fitted to the fold that it fuses', () => {
    const { parts, truth } = drawn(1, 1, 200);
    const group = [0, 1, 2, 3];
    const rest = truth.map((_, i) => i).slice(4);
    const turned = truth.map((label, i) => (i < 4 ? (label + 1) % 3 : label));
    const folds = [
      { train: rest, test: group },
      { train: group, test: rest },
    ];
    const first = fuseOutOfFold(parts, truth, folds);
    const second = fuseOutOfFold(parts, turned, folds);
    expect(group.map((i) => second[i])).toEqual(group.map((i) => first[i]));
    expect(rest.map((i) => second[i])).not.toEqual(rest.map((i) => first[i]));
  });
});
