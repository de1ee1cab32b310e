import { cholesky, columnsOfInverse, dot, solveBackward, solveForward } from './cholesky';

/** A symmetric matrix of likenesses between tickets, row after row. */
export interface Gram {
  readonly size: number;
  readonly values: Float64Array;
}

/** A fitted regression: the answer for a ticket is `mean` plus its likeness to each training ticket times that one's relevance. */
export interface FittedRidge {
  readonly relevances: Float64Array;
  readonly mean: number;
}

/** Kernel ridge regression: relevances `(K + ridge I)^-1 (targets - mean)`. */
export function fitRidge(gram: Gram, targets: readonly number[], ridge: number): FittedRidge {
  const { relevances, mean } = factorised(gram, targets, ridge);
  return { relevances, mean };
}

/**
 * What the regression answers for each group of tickets when it is fitted on all others, in closed form: with `A = K + ridge I` and
 * the relevances `a`, the answer for group g is `targets_g - (A^-1)_gg^-1 a_g`. One factorisation serves all groups; only the mean of the
 * targets is that of all tickets.
 */
export function leaveGroupsOut(
  gram: Gram,
  targets: readonly number[],
  ridge: number,
  groups: readonly (readonly number[])[],
): number[] {
  const { lower, relevances } = factorised(gram, targets, ridge);
  const answers = new Array<number>(gram.size).fill(NaN);
  for (const group of groups) {
    const { from, columns } = columnsOfInverse(lower, gram.size, group);
    const inverse = new Float64Array(group.length * group.length);
    columns.forEach((a, r) =>
      columns.forEach((b, c) => (inverse[r * group.length + c] = dot(a, from, b, from, gram.size - from))),
    );
    const block = cholesky(inverse, group.length);
    const own = Float64Array.from(group, (i) => relevances[i] ?? 0);
    const errors = solveBackward(block, group.length, solveForward(block, group.length, own));
    group.forEach((i, r) => (answers[i] = (targets[i] ?? 0) - (errors[r] ?? 0)));
  }
  return answers;
}

/** What a fitted regression answers for tickets whose likenesses to the training tickets are given. */
export function answersFor(
  { values, size }: Gram,
  { relevances, mean }: FittedRidge,
  train: readonly number[],
  asked: readonly number[],
): number[] {
  return asked.map((i) =>
    train.reduce((sum, j, k) => sum + (values[i * size + j] as number) * (relevances[k] as number), mean),
  );
}

/** Likenesses among some of the tickets only. */
export function partOf({ values, size }: Gram, some: readonly number[]): Gram {
  const part = new Float64Array(some.length * some.length);
  some.forEach((i, r) => some.forEach((j, c) => (part[r * some.length + c] = values[i * size + j] as number)));
  return { size: some.length, values: part };
}

function factorised({ values, size }: Gram, targets: readonly number[], ridge: number) {
  const lower = values.slice();
  for (let i = 0; i < size; i++) lower[i * size + i] = (lower[i * size + i] as number) + ridge;
  cholesky(lower, size);
  const mean = targets.reduce((sum, target) => sum + target, 0) / targets.length;
  const centred = Float64Array.from(targets, (target) => target - mean);
  const relevances = solveBackward(lower, size, solveForward(lower, size, centred));
  return { lower, relevances, mean };
}
