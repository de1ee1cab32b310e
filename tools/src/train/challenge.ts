import { CATEGORIES, type Classifier, type ModelInput, type UrgencyScorer } from '@smart-support/contracts';
import { z } from 'zod';
import { expectedCalibrationError, reliability } from './calibration';
import { intervals } from './classifier/evaluation';
import type { ChallengeTicket } from './dataset';
import { accuracy, confusionMatrix, macroF1 } from './metrics';
import { meanAbsoluteError, spearman } from './urgency/agreement';
import { topicInterval } from './urgency/topic-bootstrap';

const intervalSchema = z.tuple([z.number(), z.number()]);

const modelScoreSchema = z.object({
  classifier: z.object({
    /** Version of the weights that were scored. */
    version: z.string(),
    accuracy: z.number(),
    accuracyInterval: intervalSchema,
    macroF1: z.number(),
    macroF1Interval: intervalSchema,
    calibrationError: z.number(),
    /** Share without review, and how many of those were right. */
    coverage: z.number(),
    accuracyWithoutReview: z.number().nullable(),
    confusion: z.array(z.array(z.int())),
  }),
  urgency: z.object({
    version: z.string(),
    spearman: z.number(),
    spearmanInterval: intervalSchema,
    meanAbsoluteError: z.number(),
  }),
});

/** The last score on the challenge set, as kept in `data/challenge/score.json`. */
export const challengeScoreSchema = z.object({
  tickets: z.int(),
  baseline: modelScoreSchema,
  heads: modelScoreSchema,
  /** Rank correlation of the urgency head less that of the baseline, on the same tickets. */
  urgencyGain: z.object({ value: z.number(), interval: intervalSchema }),
});

/** See {@link challengeScoreSchema}. */
export type ChallengeScore = z.infer<typeof challengeScoreSchema>;

/** How one pair of models did. */
export type ModelScore = z.infer<typeof modelScoreSchema>;

/** Two models that answer for tickets. */
export interface ChallengedModels {
  readonly classifier: Classifier;
  readonly urgency: UrgencyScorer;
}

const rounded = (number: number): number => Number(number.toFixed(4));
const roundedPair = ([low, high]: readonly [number, number]): [number, number] => [rounded(low), rounded(high)];

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
      spearman: rounded(rankCorrelation(urgencies[which])(all)),
      spearmanInterval: roundedPair(topicInterval(ids, rankCorrelation(urgencies[which]), { seed })),
      meanAbsoluteError: rounded(meanAbsoluteError(urgencies[which], labels)),
    },
  });
  return {
    tickets: tickets.length,
    baseline: await scoreOf('baseline'),
    heads: await scoreOf('heads'),
    urgencyGain: { value: rounded(gain(all)), interval: roundedPair(topicInterval(ids, gain, { seed })) },
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
    accuracy: rounded(accuracy(truth, predicted)),
    accuracyInterval: roundedPair(interval.accuracy),
    macroF1: rounded(macroF1(truth, predicted, CATEGORIES.length)),
    macroF1Interval: roundedPair(interval.macroF1),
    calibrationError: rounded(expectedCalibrationError(reliability(answers))),
    coverage: rounded(unreviewed.length / answers.length),
    accuracyWithoutReview:
      unreviewed.length === 0 ? null : rounded(unreviewed.filter(({ right }) => right).length / unreviewed.length),
    confusion: confusionMatrix(truth, predicted, CATEGORIES.length),
  };
}
