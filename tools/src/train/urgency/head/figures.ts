import { meanAbsoluteError, spearman } from '../agreement';
import { topicInterval } from '../topic-bootstrap';
import { pick } from './rounds';

/** A figure with its 95 % topic-bootstrap interval. */
export interface Figure {
  readonly value: number;
  readonly interval: readonly [number, number];
}

/** How well scores agree with labels. */
export interface Agreement {
  readonly spearman: Figure;
  readonly error: Figure;
}

/** Tickets by which scores are judged. */
export interface Judges {
  readonly topics: readonly string[];
  readonly labels: readonly number[];
  readonly seed: number;
}

type Measure = (scores: readonly number[], labels: readonly number[]) => number;

/** Rank correlation and mean absolute error. */
export function agreementOf(scores: readonly number[], judges: Judges): Agreement {
  return { spearman: figureOf(spearman, [scores], judges), error: figureOf(meanAbsoluteError, [scores], judges) };
}

/** How much better some scores agree than others with the same labels: topics are drawn for both at once. */
export function gainOf(better: readonly number[], worse: readonly number[], judges: Judges): Agreement {
  return {
    spearman: figureOf(spearman, [better, worse], judges),
    error: figureOf(meanAbsoluteError, [better, worse], judges),
  };
}

function figureOf(measure: Measure, [scores = [], less]: readonly (readonly number[])[], judges: Judges): Figure {
  const { topics, labels, seed } = judges;
  const figure = (indices: readonly number[]): number => {
    const truth = pick(labels, indices);
    return measure(pick(scores, indices), truth) - (less ? measure(pick(less, indices), truth) : 0);
  };
  return { value: figure([...labels.keys()]), interval: topicInterval(topics, figure, { seed }) };
}
