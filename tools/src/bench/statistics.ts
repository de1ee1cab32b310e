/** Median and quartiles of some measurements. */
export interface Spread {
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
}

/**
 * The value below which a share of the measurements lies, interpolated between neighbours
 * (definition 7 of Hyndman and Fan, 1996).
 * @param share - in [0, 1]
 * @throws RangeError without any measurement
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError('there are no measurements');
  return below + (above - below) * (position - Math.floor(position));
}

/** Computes the spread of some measurements. @throws RangeError without any measurement */
export function spreadOf(values: readonly number[]): Spread {
  return {
    lowerQuartile: quantile(values, 0.25),
    median: quantile(values, 0.5),
    upperQuartile: quantile(values, 0.75),
  };
}
