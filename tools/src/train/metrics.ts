/** Rows are true classes, columns predicted classes, both as numbers from 0. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** Counts predictions by true and predicted class. */
export function confusionMatrix(truth: readonly number[], predicted: readonly number[], classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  truth.forEach((label, i) => {
    const row = matrix[label];
    const column = predicted[i];
    if (row && column !== undefined) row[column] = (row[column] ?? 0) + 1;
  });
  return matrix;
}

/** Share of correct predictions; NaN without any. */
export function accuracy(truth: readonly number[], predicted: readonly number[]): number {
  return truth.filter((label, i) => label === predicted[i]).length / truth.length;
}

/** F1 of each class: the harmonic mean of precision and recall; 0 for a class that neither occurs nor is predicted. */
export function f1Scores(matrix: ConfusionMatrix): number[] {
  return matrix.map((row, k) => {
    const hits = row[k] ?? 0;
    const real = sum(row);
    const predicted = sum(matrix.map((other) => other[k] ?? 0));
    return real + predicted === 0 ? 0 : (2 * hits) / (real + predicted);
  });
}

/** Unweighted mean of the classes' F1. */
export function macroF1(truth: readonly number[], predicted: readonly number[], classes: number): number {
  return sum(f1Scores(confusionMatrix(truth, predicted, classes))) / classes;
}

/** Cohen's kappa: agreement beyond chance; 1 is full agreement. */
export function cohensKappa(matrix: ConfusionMatrix): number {
  const total = sum(matrix.map(sum));
  const agreed = sum(matrix.map((row, k) => row[k] ?? 0)) / total;
  const chance = sum(matrix.map((row, k) => sum(row) * sum(matrix.map((other) => other[k] ?? 0)))) / (total * total);
  return chance === 1 ? 1 : (agreed - chance) / (1 - chance);
}

/** Mean negative logarithm of the probability given to the true class, in nats. */
export function logLoss(truth: readonly number[], probabilities: readonly (readonly number[])[]): number {
  return mean(truth.map((label, i) => -Math.log(Math.max(probabilities[i]?.[label] ?? 0, 1e-15))));
}

/** Spearman's rank correlation: Pearson's correlation of the ranks, ties sharing theirs. 0 where one side does not vary. */
export function spearman(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [ranks(left), ranks(right)];
  const [meanA, meanB] = [mean(a), mean(b)];
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

/** Mean distance of predictions from what is true. */
export function meanAbsoluteError(predicted: readonly number[], actual: readonly number[]): number {
  return mean(predicted.map((value, index) => Math.abs(value - (actual[index] ?? 0))));
}

/** Position of the largest number; of equal ones, the first. */
export function argmax(numbers: readonly number[]): number {
  return numbers.indexOf(Math.max(...numbers));
}

/** Sum of numbers. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Mean of numbers; NaN without any. */
export function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length;
}

/** A number with four decimals, never -0: the precision of what weights files record. */
export function rounded(number: number): number {
  return Number(number.toFixed(4)) + 0;
}
