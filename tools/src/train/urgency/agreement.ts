/** Ranks from 1; equal values share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const result = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && order[to]?.value === order[from]?.value) to += 1;
    for (const { index } of order.slice(from, to)) result[index] = (from + 1 + to) / 2;
    from = to;
  }
  return result;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Spearman's rank correlation: Pearson's correlation of the ranks, ties sharing theirs. 0 where one side does not vary. */
export function spearman(left: readonly number[], right: readonly number[]): number {
  const a = ranks(left);
  const b = ranks(right);
  const meanA = mean(a);
  const meanB = mean(b);
  let together = 0;
  let spreadA = 0;
  let spreadB = 0;
  a.forEach((value, index) => {
    const dA = value - meanA;
    const dB = (b[index] ?? 0) - meanB;
    together += dA * dB;
    spreadA += dA * dA;
    spreadB += dB * dB;
  });
  return spreadA === 0 || spreadB === 0 ? 0 : together / Math.sqrt(spreadA * spreadB);
}

/** Mean absolute error. */
export const meanAbsoluteError = (predicted: readonly number[], actual: readonly number[]): number =>
  mean(predicted.map((value, index) => Math.abs(value - (actual[index] ?? 0))));
