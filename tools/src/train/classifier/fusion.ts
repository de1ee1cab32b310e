import { calibrated } from '../calibration';
import { crossValidate, type Fold, pick } from '../cross-validation';
import { sum } from '../metrics';

/** Log-odds of the two parts of the head, per ticket and category. */
export interface Parts {
  readonly words: readonly (readonly number[])[];
  readonly meaning: readonly (readonly number[])[];
}

/** Factors on the log-odds of the two parts. */
export interface FusionWeights {
  readonly wordsWeight: number;
  readonly meaningWeight: number;
}

/** Fused log-odds of one ticket. */
export function fuse(words: readonly number[], meaning: readonly number[], weights: FusionWeights): number[] {
  return words.map((odds, k) => weights.wordsWeight * odds + weights.meaningWeight * (meaning[k] ?? 0));
}

const MOST_STEPS = 50;
const SMALL_STEP = 1e-10;
/** Keeps the equations solvable where one part is constant; far too small to change a figure. */
const RIDGE = 1e-9;

/**
 * The two factors that make the labels most likely under the softmax of the sum: stacking (Wolpert 1992, "Stacked
 * generalization") of log-odds, which also calibrates. The loss is convex: Newton's method with halved steps finds its minimum.
 * A part whose factor would be negative is left out instead.
 */
export function fitFusion(parts: Parts, truth: readonly number[]): FusionWeights {
  const free = fitFreely(parts, truth);
  if (free.wordsWeight < 0) {
    const { meaningWeight } = fitFreely({ ...parts, words: silent(parts.words) }, truth);
    return { wordsWeight: 0, meaningWeight: Math.max(0, meaningWeight) };
  }
  if (free.meaningWeight < 0) {
    const { wordsWeight } = fitFreely({ ...parts, meaning: silent(parts.meaning) }, truth);
    return { wordsWeight: Math.max(0, wordsWeight), meaningWeight: 0 };
  }
  return free;
}

const silent = (logits: readonly (readonly number[])[]): number[][] => logits.map((row) => row.map(() => 0));

function fitFreely(parts: Parts, truth: readonly number[]): FusionWeights {
  let weights: FusionWeights = { wordsWeight: 0.5, meaningWeight: 0.5 };
  let loss = fusedLoss(parts, truth, weights);
  for (let step = 0; step < MOST_STEPS; step++) {
    const [dWords, dMeaning] = newtonStep(parts, truth, weights);
    for (let share = 1; ; share /= 2) {
      if (share * Math.hypot(dWords, dMeaning) < SMALL_STEP) return weights;
      const next = {
        wordsWeight: weights.wordsWeight - share * dWords,
        meaningWeight: weights.meaningWeight - share * dMeaning,
      };
      const nextLoss = fusedLoss(parts, truth, next);
      if (nextLoss > loss) continue;
      weights = next;
      loss = nextLoss;
      break;
    }
  }
  return weights;
}

function fusedLoss({ words, meaning }: Parts, truth: readonly number[], weights: FusionWeights): number {
  return sum(
    truth.map((label, i) => {
      const logits = fuse(words[i] ?? [], meaning[i] ?? [], weights);
      const top = Math.max(...logits);
      return top + Math.log(sum(logits.map((logit) => Math.exp(logit - top)))) - (logits[label] ?? 0);
    }),
  );
}

/** The loss's gradient through its inverted second derivatives. */
function newtonStep({ words, meaning }: Parts, truth: readonly number[], weights: FusionWeights): [number, number] {
  let gw = 0;
  let gm = 0;
  let ww = RIDGE;
  let wm = 0;
  let mm = RIDGE;
  truth.forEach((label, i) => {
    const w = words[i] ?? [];
    const m = meaning[i] ?? [];
    const p = calibrated(fuse(w, m, weights), 1);
    const mean = (of: (k: number) => number) => sum(p.map((probability, k) => probability * of(k)));
    const meanW = mean((k) => w[k] ?? 0);
    const meanM = mean((k) => m[k] ?? 0);
    gw += meanW - (w[label] ?? 0);
    gm += meanM - (m[label] ?? 0);
    ww += mean((k) => ((w[k] ?? 0) - meanW) ** 2);
    wm += mean((k) => ((w[k] ?? 0) - meanW) * ((m[k] ?? 0) - meanM));
    mm += mean((k) => ((m[k] ?? 0) - meanM) ** 2);
  });
  const determinant = ww * mm - wm * wm;
  return [(mm * gw - wm * gm) / determinant, (ww * gm - wm * gw) / determinant];
}

/** Fused log-odds of every ticket, by factors that are fitted without the ticket's fold. */
export function fuseOutOfFold(parts: Parts, truth: readonly number[], folds: readonly Fold[]): number[][] {
  const { words, meaning } = parts;
  return crossValidate(
    folds,
    (train) => fitFusion({ words: pick(words, train), meaning: pick(meaning, train) }, pick(truth, train)),
    (weights, i) => fuse(words[i] ?? [], meaning[i] ?? [], weights),
  );
}
