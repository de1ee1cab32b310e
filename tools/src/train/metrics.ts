/** Rows are what is true, columns what was predicted, both as numbers of categories. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** Counts who was taken for whom. */
export function confusionMatrix(truth: readonly number[], predicted: readonly number[], classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  truth.forEach((label, i) => {
    const row = matrix[label];
    const column = predicted[i];
    if (row && column !== undefined) row[column] = (row[column] ?? 0) + 1;
  });
  return matrix;
}

/** Share of equal answers; NaN without any. */
export function accuracy(truth: readonly number[], predicted: readonly number[]): number {
  return truth.filter((label, i) => label === predicted[i]).length / truth.length;
}

/** F1 of each class: the harmonic mean of precision and recall; 0 for a class that is neither there nor predicted. */
export function f1Scores(matrix: ConfusionMatrix): number[] {
  return matrix.map((row, k) => {
    const hits = row[k] ?? 0;
    const real = sum(row);
    const predicted = sum(matrix.map((other) => other[k] ?? 0));
    return real + predicted === 0 ? 0 : (2 * hits) / (real + predicted);
  });
}

/** Mean F1 over the classes, each counting the same. */
export function macroF1(truth: readonly number[], predicted: readonly number[], classes: number): number {
  return sum(f1Scores(confusionMatrix(truth, predicted, classes))) / classes;
}

/** Cohen's kappa: agreement beyond what two people would reach by chance; 1 is full agreement. */
export function cohensKappa(matrix: ConfusionMatrix): number {
  const total = sum(matrix.map(sum));
  const agreed = sum(matrix.map((row, k) => row[k] ?? 0)) / total;
  const chance = sum(matrix.map((row, k) => sum(row) * sum(matrix.map((other) => other[k] ?? 0)))) / (total * total);
  return chance === 1 ? 1 : (agreed - chance) / (1 - chance);
}

/** Mean negative logarithm of the probability given to what was true, in nats. */
export function logLoss(truth: readonly number[], probabilities: readonly (readonly number[])[]): number {
  return sum(truth.map((label, i) => -Math.log(Math.max(probabilities[i]?.[label] ?? 0, 1e-15)))) / truth.length;
}

/** Position of the largest number; of equals, the first. */
export function argmax(numbers: readonly number[]): number {
  return numbers.indexOf(Math.max(...numbers));
}

/** Sum of numbers. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
