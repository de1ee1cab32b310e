import { mean } from '../metrics';
import { cholesky, dot, solveBackward, solveForward } from './cholesky';

/** A symmetric matrix of similarities between tickets, row after row. */
export interface Gram {
  readonly size: number;
  readonly values: Float64Array;
}

/** Kernel ridge regression: the answer for a ticket is `mean` plus the sum of its similarity to each training ticket times that one's relevance. */
export class KernelRidge {
  private constructor(
    private readonly targets: readonly number[],
    private readonly lower: Float64Array,
    /** Of each training ticket: `(K + ridge I)^-1 (targets - mean)`. */
    readonly relevances: Float64Array,
    /** Of the targets. */
    readonly mean: number,
  ) {}

  /** Fits the regression. The same input gives the same numbers. */
  static fit({ values, size }: Gram, targets: readonly number[], ridge: number): KernelRidge {
    const lower = values.slice();
    for (let i = 0; i < size; i++) lower[i * size + i] = (lower[i * size + i] as number) + ridge;
    cholesky(lower, size);
    const middle = mean(targets);
    const centred = Float64Array.from(targets, (target) => target - middle);
    return new KernelRidge(targets, lower, solveBackward(lower, size, solveForward(lower, size, centred)), middle);
  }

  /**
   * What the regression answers for each group of tickets when it is fitted to all others, in closed form: with `A = K + ridge I` and the relevances `a`, the answer for
   * group g is `targets_g - (A^-1)_gg^-1 a_g`. One factorisation serves all groups; only the mean of the targets is that of all tickets.
   */
  answersLeavingOut(groups: readonly (readonly number[])[]): number[] {
    const { lower, relevances, targets } = this;
    const size = targets.length;
    const answers = new Array<number>(size).fill(NaN);
    for (const group of groups) {
      const from = Math.min(...group);
      const columns = group.map((i) => solveForward(lower, size, unitVector(size, i), from));
      const inverse = new Float64Array(group.length * group.length);
      columns.forEach((a, r) =>
        columns.forEach((b, c) => (inverse[r * group.length + c] = dot(a, from, b, from, size - from))),
      );
      const block = cholesky(inverse, group.length);
      const own = Float64Array.from(group, (i) => relevances[i] ?? 0);
      const errors = solveBackward(block, group.length, solveForward(block, group.length, own));
      group.forEach((i, r) => (answers[i] = (targets[i] ?? 0) - (errors[r] ?? 0)));
    }
    return answers;
  }
}

function unitVector(size: number, i: number): Float64Array {
  const unit = new Float64Array(size);
  unit[i] = 1;
  return unit;
}
