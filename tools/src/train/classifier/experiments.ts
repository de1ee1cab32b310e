import { DEFAULT_FEATURES, type FeatureSettings } from '@smart-support/classifier/training';
import { z } from 'zod';
import { atThreshold } from '../calibration';
import { topicFolds } from '../cross-validation';
import { CHOSEN_OPTIONS } from './chosen-options';
import { evaluate } from './evaluation';
import type { FitOptions, LessonTicket } from './fit-classifier';
import { outOfTopicLogits } from './out-of-topic';

/** Folds of topics in an experiment: quicker than leaving out one topic at a time, and as fair. */
export const EXPERIMENT_FOLDS = 12;

/** Results as kept in `data/experiments.json`. */
export const experimentsSchema = z.object({
  /** Hash of the tickets that the results belong to. */
  data: z.string(),
  results: z.array(
    z.object({
      name: z.string(),
      accuracy: z.number(),
      macroF1: z.number(),
      logLoss: z.number(),
      /** Share of tickets above the lowest confidence whose accuracy is good enough to skip the review. */
      coverage: z.number(),
    }),
  ),
});

/** See {@link experimentsSchema}. */
export type Experiments = z.infer<typeof experimentsSchema>;

const features = (change: Partial<FeatureSettings>): Partial<FitOptions> => ({
  settings: { ...DEFAULT_FEATURES, ...change },
});

/** What was tried, each with one difference from what was chosen. */
const VARIANTS: readonly (readonly [name: string, change: Partial<FitOptions>])[] = [
  ['chosen: words x 3, pairs x 2, 3 to 5 characters', {}],
  ['words only', features({ pairFactor: 0, characterFactor: 0 })],
  ['words and pairs', features({ characterFactor: 0 })],
  ['characters only', features({ wordFactor: 0, pairFactor: 0 })],
  ['no pairs', features({ pairFactor: 0 })],
  ['all kinds weigh the same', features({ wordFactor: 1, pairFactor: 1 })],
  ['words x 4', features({ wordFactor: 4 })],
  ['2 to 5 characters', features({ shortest: 2 })],
  ['3 and 4 characters', features({ longest: 4 })],
  ['3 to 6 characters', features({ longest: 6 })],
  ['4 to 6 characters', features({ shortest: 4, longest: 6 })],
  ['features of 1 topic and more', { minimumTopics: 1 }],
  ['features of 2 topics and more', { minimumTopics: 2 }],
  ['features of 5 topics and more', { minimumTopics: 5 }],
  ['features of 8 topics and more', { minimumTopics: 8 }],
  ['10 steps', { steps: 10 }],
  ['60 steps', { steps: 60 }],
  ['learning rate 0.1', { learningRate: 0.1 }],
];

/** Runs every variant over the same folds. Takes some minutes. */
export function runExperiments(
  tickets: readonly LessonTicket[],
  { data, seed, log }: { data: string; seed: number; log: (line: string) => void },
): Experiments {
  const folds = topicFolds(tickets, EXPERIMENT_FOLDS, seed);
  const results = VARIANTS.map(([name, change]) => {
    const evaluation = evaluate(tickets, outOfTopicLogits(tickets, folds, { ...CHOSEN_OPTIONS, ...change }));
    const { accuracy, macroF1, logLoss, answers, reviewThreshold } = evaluation;
    const { coverage } = atThreshold(answers, reviewThreshold);
    log(`  ${name}: accuracy ${accuracy.toFixed(3)}, log loss ${logLoss.toFixed(3)}`);
    return {
      name,
      accuracy: rounded(accuracy),
      macroF1: rounded(macroF1),
      logLoss: rounded(logLoss),
      coverage: rounded(coverage),
    };
  });
  return { data, results };
}

const rounded = (number: number): number => Number(number.toFixed(4));
