declare module 'ml-logistic-regression' {
  import type { Matrix } from 'ml-matrix';

  class LogisticRegression {
    constructor(options?: { numSteps?: number; learningRate?: number });
    /** One per class; each gives the probability of NOT being its class. */
    classifiers: { weights: Matrix }[];
    /** Uses only these members of `features`. */
    train(
      features: {
        readonly columns: number;
        mmul(weights: Matrix): Matrix;
        transpose(): { mmul(errors: Matrix): { mul(factor: number): { transpose(): Matrix } } };
      },
      classes: Matrix,
    ): void;
  }

  export = LogisticRegression;
}
