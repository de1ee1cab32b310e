import { CATEGORIES, type Category } from '@smart-support/contracts';
import { type Answer, calibrateOutOfGroup, fitScale, lowestThreshold } from '../calibration';
import { accuracy, argmax, confusionMatrix, logLoss, macroF1 } from '../metrics';
import { topicInterval } from '../urgency/topic-bootstrap';
import { ACCURACY_WITHOUT_REVIEW } from './chosen-options';

/** The figures of a classifier, all of them out of topic. */
export interface Evaluation {
  /** Numbers of categories, in the order of `CATEGORIES`. */
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
  /** Calibrated probability of each category. */
  readonly probabilities: readonly (readonly number[])[];
  readonly answers: readonly Answer[];
  readonly accuracy: number;
  readonly macroF1: number;
  readonly logLoss: number;
  readonly confusion: readonly (readonly number[])[];
  /** Factor on the log-odds, fitted on all out-of-topic answers: the one that is shipped. 1 for answers that came calibrated. */
  readonly scale: number;
  /** Lowest confidence that needs no review. */
  readonly reviewThreshold: number;
}

/**
 * Judges out-of-topic answers.
 * The probabilities of a topic are calibrated with a scale from the other topics, so they are as honest as the answers.
 */
export function evaluate(
  tickets: readonly { readonly category: Category; readonly topic: string }[],
  logits: readonly (readonly number[])[],
): Evaluation {
  const truth = tickets.map(({ category }) => CATEGORIES.indexOf(category));
  const probabilities = calibrateOutOfGroup(logits, truth, topicGroups(tickets));
  return { ...evaluateProbabilities(truth, probabilities), scale: fitScale(logits, truth) };
}

/** The positions of each topic's tickets. */
export function topicGroups(tickets: readonly { readonly topic: string }[]): number[][] {
  const byTopic = new Map<string, number[]>();
  tickets.forEach(({ topic }, i) => {
    const group = byTopic.get(topic);
    if (group) group.push(i);
    else byTopic.set(topic, [i]);
  });
  return [...byTopic.values()];
}

/** Judges probabilities that are calibrated out of topic already: their scale is 1. */
export function evaluateProbabilities(
  truth: readonly number[],
  probabilities: readonly (readonly number[])[],
): Evaluation {
  const predicted = probabilities.map(argmax);
  const answers = probabilities.map((row, i) => ({ confidence: Math.max(...row), right: predicted[i] === truth[i] }));
  return {
    truth,
    predicted,
    probabilities,
    answers,
    accuracy: accuracy(truth, predicted),
    macroF1: macroF1(truth, predicted, CATEGORIES.length),
    logLoss: logLoss(truth, probabilities),
    confusion: confusionMatrix(truth, predicted, CATEGORIES.length),
    scale: 1,
    reviewThreshold: lowestThreshold(answers, ACCURACY_WITHOUT_REVIEW),
  };
}

/** 95 % topic-bootstrap intervals of accuracy and macro-F1. */
export function intervals(
  topics: readonly string[],
  { truth, predicted }: Pick<Evaluation, 'truth' | 'predicted'>,
  seed: number,
): { readonly accuracy: readonly [number, number]; readonly macroF1: readonly [number, number] } {
  const pick = (numbers: readonly number[], indices: readonly number[]) => indices.map((i) => numbers[i] ?? 0);
  const interval = (figure: (truth: number[], predicted: number[]) => number) =>
    topicInterval(topics, (indices) => figure(pick(truth, indices), pick(predicted, indices)), { seed });
  return {
    accuracy: interval(accuracy),
    macroF1: interval((real, guessed) => macroF1(real, guessed, CATEGORIES.length)),
  };
}
