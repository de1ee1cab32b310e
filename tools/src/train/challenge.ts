import { CATEGORIES, type Classifier, type ModelInput, type UrgencyScorer } from '@smart-support/contracts';
import { expectedCalibrationError, reliability } from './calibration';
import { intervals } from './classifier/evaluation';
import type { ChallengeTicket } from './dataset';
import { accuracy, confusionMatrix, macroF1 } from './metrics';
import { meanAbsoluteError, spearman } from './urgency/agreement';
import { topicInterval } from './urgency/topic-bootstrap';

type Interval = readonly [number, number];

/** How one pair of models did. */
export interface ModelScore {
  readonly classifier: {
    /** Version of the weights that were scored. */
    readonly version: string;
    readonly accuracy: number;
    readonly accuracyInterval: Interval;
    readonly macroF1: number;
    readonly macroF1Interval: Interval;
    readonly calibrationError: number;
    /** Share without review, and how many of those were right; NaN if there are none. */
    readonly coverage: number;
    readonly accuracyWithoutReview: number;
    readonly confusion: readonly (readonly number[])[];
  };
  readonly urgency: {
    readonly version: string;
    readonly spearman: number;
    readonly spearmanInterval: Interval;
    readonly meanAbsoluteError: number;
  };
}

/** A score on the challenge set. */
export interface ChallengeScore {
  readonly tickets: number;
  readonly baseline: ModelScore;
  readonly heads: ModelScore;
  /** Rank correlation of the urgency head less that of the baseline, on the same tickets. */
  readonly urgencyGain: { readonly value: number; readonly interval: Interval };
}

/** Two models that answer for tickets. */
export interface ChallengedModels {
  readonly classifier: Classifier;
  readonly urgency: UrgencyScorer;
}

/**
 * Scores the shipped models on tickets that no training ever saw.
 * The intervals come from drawing single tickets again, for the set has no topics.
 * @param vectors - the embedding of each ticket, in the order of the tickets
 */
export async function scoreChallenge(
  tickets: readonly ChallengeTicket[],
  vectors: readonly Float32Array[],
  models: { readonly baseline: ChallengedModels; readonly heads: ChallengedModels },
  { seed }: { readonly seed: number },
): Promise<ChallengeScore> {
  const inputs = tickets.map(({ text }, i) => ({ text, vector: vectors[i] ?? new Float32Array() }));
  const urgencies = {
    baseline: await scoresOf(models.baseline.urgency, inputs),
    heads: await scoresOf(models.heads.urgency, inputs),
  };
  const labels = tickets.map(({ urgency }) => urgency);
  const rankCorrelation = (scores: readonly number[]) => (indices: readonly number[]) =>
    spearman(
      indices.map((i) => scores[i] ?? 0),
      indices.map((i) => labels[i] ?? 0),
    );
  const all = [...tickets.keys()];
  const gain = (indices: readonly number[]) =>
    rankCorrelation(urgencies.heads)(indices) - rankCorrelation(urgencies.baseline)(indices);
  const ids = tickets.map(({ id }) => id);

  const scoreOf = async (which: 'baseline' | 'heads'): Promise<ModelScore> => ({
    classifier: await classifierScore(models[which].classifier, tickets, inputs, seed),
    urgency: {
      version: models[which].urgency.model.version,
      spearman: rankCorrelation(urgencies[which])(all),
      spearmanInterval: topicInterval(ids, rankCorrelation(urgencies[which]), { seed }),
      meanAbsoluteError: meanAbsoluteError(urgencies[which], labels),
    },
  });
  return {
    tickets: tickets.length,
    baseline: await scoreOf('baseline'),
    heads: await scoreOf('heads'),
    urgencyGain: { value: gain(all), interval: topicInterval(ids, gain, { seed }) },
  };
}

async function scoresOf(scorer: UrgencyScorer, inputs: readonly ModelInput[]): Promise<number[]> {
  const predictions = await Promise.all(inputs.map((input) => scorer.score(input)));
  return predictions.map(({ urgency_score }) => urgency_score);
}

async function classifierScore(
  classifier: Classifier,
  tickets: readonly ChallengeTicket[],
  inputs: readonly ModelInput[],
  seed: number,
): Promise<ModelScore['classifier']> {
  const predictions = await Promise.all(inputs.map((input) => classifier.classify(input)));
  const truth = tickets.map(({ category }) => CATEGORIES.indexOf(category));
  const predicted = predictions.map(({ category }) => CATEGORIES.indexOf(category));
  const answers = predictions.map(({ confidence }, i) => ({ confidence, right: predicted[i] === truth[i] }));
  const unreviewed = answers.filter((_, i) => predictions[i]?.needs_review === false);
  const interval = intervals(
    tickets.map(({ id }) => id),
    { truth, predicted },
    seed,
  );
  return {
    version: classifier.model.version,
    accuracy: accuracy(truth, predicted),
    accuracyInterval: interval.accuracy,
    macroF1: macroF1(truth, predicted, CATEGORIES.length),
    macroF1Interval: interval.macroF1,
    calibrationError: expectedCalibrationError(reliability(answers)),
    coverage: unreviewed.length / answers.length,
    accuracyWithoutReview: unreviewed.filter(({ right }) => right).length / unreviewed.length,
    confusion: confusionMatrix(truth, predicted, CATEGORIES.length),
  };
}
