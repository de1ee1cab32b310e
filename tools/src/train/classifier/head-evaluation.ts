import { CATEGORIES } from '@smart-support/contracts';
import { accuracy, logLoss, macroF1, sum } from '../metrics';
import { topicInterval } from '../urgency/topic-bootstrap';
import type { Evaluation } from './evaluation';

/** The two parts of the head and the whole. */
export const HEAD_PARTS = ['baseline', 'embedding', 'fused'] as const;

/** One of {@link HEAD_PARTS}. */
export type HeadPart = (typeof HEAD_PARTS)[number];

/** A figure with its 95 % topic-bootstrap interval. */
export interface Figure {
  readonly value: number;
  readonly interval: readonly [number, number];
}

/** 95 % topic-bootstrap intervals of an evaluation's figures. */
export interface EvaluationIntervals {
  readonly accuracy: readonly [number, number];
  readonly macroF1: readonly [number, number];
  readonly logLoss: readonly [number, number];
  /** Of the share of tickets without review, the threshold being what it is. */
  readonly coverage: readonly [number, number];
}

/** Intervals of one evaluation's figures; what tickets share within a topic is left together. */
export function evaluationIntervals(
  topics: readonly string[],
  { truth, predicted, probabilities, answers, reviewThreshold }: Evaluation,
  seed: number,
): EvaluationIntervals {
  const interval = (figure: (indices: readonly number[]) => number) => topicInterval(topics, figure, { seed });
  const pick = <Value>(values: readonly Value[], indices: readonly number[]): Value[] =>
    indices.map((i) => values[i] as Value);
  const unreviewed = answers.map(({ confidence }) => (confidence >= reviewThreshold ? 1 : 0));
  return {
    accuracy: interval((indices) => accuracy(pick(truth, indices), pick(predicted, indices))),
    macroF1: interval((indices) => macroF1(pick(truth, indices), pick(predicted, indices), CATEGORIES.length)),
    logLoss: interval((indices) => logLoss(pick(truth, indices), pick(probabilities, indices))),
    coverage: interval((indices) => mean(pick(unreviewed, indices))),
  };
}

/** How much better one evaluation is than another on the same tickets: topics are drawn for both at once. */
export function pairedDifference(
  topics: readonly string[],
  better: Evaluation,
  worse: Evaluation,
  seed: number,
): { readonly accuracy: Figure; readonly logLoss: Figure } {
  const losses = ({ truth, probabilities }: Evaluation) =>
    truth.map((label, i) => logLoss([label], [probabilities[i] ?? []]));
  const hits = ({ truth, predicted }: Evaluation) => truth.map((label, i) => (label === predicted[i] ? 1 : 0));
  return {
    accuracy: meanFigure(topics, less(hits(better), hits(worse)), seed),
    logLoss: meanFigure(topics, less(losses(better), losses(worse)), seed),
  };
}

/** The mean of one number per ticket with its interval. */
export function meanFigure(topics: readonly string[], values: readonly number[], seed: number): Figure {
  const figure = (indices: readonly number[]) => mean(indices.map((i) => values[i] ?? 0));
  return { value: mean(values), interval: topicInterval(topics, figure, { seed }) };
}

const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length;

const less = (left: readonly number[], right: readonly number[]): number[] =>
  left.map((number, i) => number - (right[i] ?? 0));
