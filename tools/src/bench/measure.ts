import { type Spread, spreadOf } from './statistics';

/** Number of pairs, or of single runs, behind a figure. */
export const PAIRS = 9;

/** Lowest ratio to another commit: pairs of one and the same build differ by a few percent. */
export const AGAINST_GOAL = 0.95;

/** One side of a comparison. */
export interface Contender {
  readonly name: string;
  /** Measures once. */
  readonly measure: () => Promise<number>;
}

/** A result of a bench. A ratio can be compared between machines; the other figures belong to this one. */
export interface Finding {
  readonly title: string;
  /** Unit of the sides' figures, for example `tickets/s`. */
  readonly unit: string;
  readonly sides: readonly { readonly name: string; readonly spread: Spread; readonly values: readonly number[] }[];
  /** First side divided by second side, pair by pair. */
  readonly ratio?: Spread;
  /** The intended figures, in words; only goal and ceiling are judged. */
  readonly aim?: string;
  /** Lowest median ratio. */
  readonly ratioGoal?: number;
  /** Highest median of the first side. */
  readonly ceiling?: number;
}

type Wish = Pick<Finding, 'aim' | 'ratioGoal'>;

/**
 * Compares two sides on a noisy machine: they take turns, so that a slow minute hits both, and each pair gives a ratio.
 * @param between - called with the number of each pair, for progress
 */
export async function comparePairs(
  title: string,
  unit: string,
  first: Contender,
  second: Contender,
  wish: Wish = {},
  between: (pair: number) => void = () => undefined,
): Promise<Finding> {
  const firstValues: number[] = [];
  const secondValues: number[] = [];
  const ratios: number[] = [];
  for (let pair = 1; pair <= PAIRS; pair += 1) {
    const one = await first.measure();
    const other = await second.measure();
    firstValues.push(one);
    secondValues.push(other);
    ratios.push(one / other);
    between(pair);
  }
  return {
    title,
    unit,
    sides: [
      { name: first.name, spread: spreadOf(firstValues), values: firstValues },
      { name: second.name, spread: spreadOf(secondValues), values: secondValues },
    ],
    ratio: spreadOf(ratios),
    ...wish,
  };
}

/** A single figure, measured once. */
export function singleFinding(title: string, unit: string, name: string, value: number, aim?: string): Finding {
  return reportedFinding(title, unit, { [name]: [value] }, aim);
}

/** Figures that are reported beside each other and not compared: the values of each name. */
export function reportedFinding(
  title: string,
  unit: string,
  figures: Readonly<Record<string, readonly number[]>>,
  aim?: string,
): Finding {
  const sides = Object.entries(figures).map(([name, values]) => ({ name, spread: spreadOf(values), values }));
  return { title, unit, sides, ...(aim === undefined ? {} : { aim }) };
}

/** Whether the ratio or the first side's figure meets its goal; `undefined` where nothing is judged. */
export function meetsGoal({ sides, ratio, ratioGoal, ceiling }: Finding): boolean | undefined {
  const [first] = sides;
  if (ceiling !== undefined && first) return first.spread.median <= ceiling;
  return ratio && ratioGoal !== undefined ? ratio.median >= ratioGoal : undefined;
}
