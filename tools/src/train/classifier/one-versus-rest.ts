import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';

/** What training asks of its features: less than a whole matrix, so that sparse rows will do. */
export interface FeatureMatrix {
  readonly columns: number;
  mmul(weights: Matrix): Matrix;
  transpose(): { mmul(errors: Matrix): { mul(factor: number): { transpose(): Matrix } } };
}

/**
 * Logistic regression, one class against the rest, by plain gradient descent from zero (ml-logistic-regression).
 * @param classes - the class of each row, from 0
 * @returns the weights of each class: the log-odds for it are the row times its weights
 */
export function trainOneVersusRest(
  features: FeatureMatrix,
  classes: readonly number[],
  { steps, learningRate }: { readonly steps: number; readonly learningRate: number },
): Float64Array[] {
  const regression = new LogisticRegression({ numSteps: steps, learningRate });
  regression.train(features, Matrix.columnVector(classes));
  // The package learns the probability of NOT being the class.
  return regression.classifiers.map(({ weights }) => Float64Array.from(weights.getRow(0), (weight) => -weight));
}
