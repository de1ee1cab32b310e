import { pick, positionsByName } from './cross-validation';
import { meanAbsoluteError, spearman } from './metrics';
import { randomFrom } from './random';

/** A figure with its 95 % topic-bootstrap interval. */
export interface Figure {
  readonly value: number;
  readonly interval: readonly [number, number];
}

/** What an interval is drawn by. */
export interface Bootstrap {
  /** The topic of each ticket. */
  readonly topics: readonly string[];
  readonly seed: number;
}

const DRAWS = 1000;

/**
 * A figure of all tickets, with the 95 % percentile interval that it has when whole topics are drawn with replacement: the spread that other topics of the same kind
 * would show.
 * @param measure - computes the figure from the positions of tickets
 */
export function figureOf({ topics, seed }: Bootstrap, measure: Measure): Figure {
  const groups = [...positionsByName(topics).values()];
  const random = randomFrom(seed);
  const draws = Array.from({ length: DRAWS }, () =>
    measure(groups.flatMap(() => groups[Math.floor(random() * groups.length)] ?? [])),
  ).sort((a, b) => a - b);
  const at = (share: number): number => draws[Math.round(share * (DRAWS - 1))] ?? NaN;
  return { value: measure([...topics.keys()]), interval: [at(0.025), at(0.975)] };
}

/** A figure of the tickets at some positions. */
export type Measure = (positions: readonly number[]) => number;

/** The rank correlation of scores and labels at some positions. */
export function spearmanAt(scores: readonly number[], labels: readonly number[]): Measure {
  return (positions) => spearman(pick(scores, positions), pick(labels, positions));
}

/** The mean absolute error of scores at some positions. */
export function errorAt(scores: readonly number[], labels: readonly number[]): Measure {
  return (positions) => meanAbsoluteError(pick(scores, positions), pick(labels, positions));
}

/** The difference of two measures, for which the same topics are drawn. */
export function differenceOf(one: Measure, other: Measure): Measure {
  return (positions) => one(positions) - other(positions);
}
