import { CATEGORIES } from '@smart-support/contracts';
import { type ClassifierWeights, createClassifierBaseline } from '@smart-support/classifier';
import { createUrgencyBaseline } from '@smart-support/urgency';
import { z } from 'zod';
import { atThreshold, expectedCalibrationError, reliability } from './calibration';
import { intervals } from './classifier/evaluation';
import type { ChallengeTicket } from './dataset';
import { accuracy, confusionMatrix, macroF1 } from './metrics';
import { meanAbsoluteError, spearman } from './urgency/agreement';
import { topicInterval } from './urgency/topic-bootstrap';

const intervalSchema = z.tuple([z.number(), z.number()]);

/** The last score on the challenge set, as kept in `data/challenge/score.json`. */
export const challengeScoreSchema = z.object({
  tickets: z.int(),
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

/** See {@link challengeScoreSchema}. */
export type ChallengeScore = z.infer<typeof challengeScoreSchema>;

const rounded = (number: number): number => Number(number.toFixed(4));
const roundedPair = ([low, high]: readonly [number, number]): [number, number] => [rounded(low), rounded(high)];

/**
 * Scores the shipped urgency baseline and the given classifier on tickets that no training ever saw.
 * The intervals come from drawing single tickets again, for the set has no topics.
 */
export function scoreChallenge(
  tickets: readonly ChallengeTicket[],
  weights: ClassifierWeights,
  { seed }: { readonly seed: number },
): ChallengeScore {
  const classifier = createClassifierBaseline(weights);
  const predictions = tickets.map(({ text }) => classifier.classify({ text }));
  const truth = tickets.map(({ category }) => CATEGORIES.indexOf(category));
  const predicted = predictions.map(({ category }) => CATEGORIES.indexOf(category));
  const answers = predictions.map(({ confidence }, i) => ({ confidence, right: predicted[i] === truth[i] }));
  const without = atThreshold(answers, weights.manifest.reviewThreshold);
  const ids = tickets.map(({ id }) => id);
  const interval = intervals(ids, { truth, predicted }, seed);

  const scorer = createUrgencyBaseline();
  const scores = tickets.map(({ text }) => scorer.score({ text }).urgency_score);
  const labels = tickets.map(({ urgency }) => urgency);
  const rankInterval = topicInterval(
    ids,
    (indices) =>
      spearman(
        indices.map((i) => scores[i] ?? 0),
        indices.map((i) => labels[i] ?? 0),
      ),
    { seed },
  );
  return {
    tickets: tickets.length,
    classifier: {
      version: classifier.model.version,
      accuracy: rounded(accuracy(truth, predicted)),
      accuracyInterval: roundedPair(interval.accuracy),
      macroF1: rounded(macroF1(truth, predicted, CATEGORIES.length)),
      macroF1Interval: roundedPair(interval.macroF1),
      calibrationError: rounded(expectedCalibrationError(reliability(answers))),
      coverage: rounded(without.coverage),
      accuracyWithoutReview: Number.isNaN(without.accuracy) ? null : rounded(without.accuracy),
      confusion: confusionMatrix(truth, predicted, CATEGORIES.length),
    },
    urgency: {
      version: scorer.model.version,
      spearman: rounded(spearman(scores, labels)),
      spearmanInterval: roundedPair(rankInterval),
      meanAbsoluteError: rounded(meanAbsoluteError(scores, labels)),
    },
  };
}
