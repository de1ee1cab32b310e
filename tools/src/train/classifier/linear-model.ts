import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';

type FeatureMatrix = Parameters<LogisticRegression['train']>[0];

/** Sparse rows: the columns and values of row r lie from `starts[r]` to `starts[r + 1]`. */
export interface SparseRows {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
  readonly width: number;
  /** What is subtracted from every row. */
  readonly centre: Float64Array;
  /** How much each row counts; 1 for all by default. */
  readonly importance?: readonly number[];
}

/** When gradient descent stops, and how far its steps go. */
export interface DescentOptions {
  /** Steps of gradient descent. Stopping early keeps the weights small: there is no other penalty. */
  readonly steps: number;
  readonly learningRate: number;
}

/**
 * Logistic regression, one class against the rest, by plain gradient descent from zero. The same input gives the same numbers.
 * @param classes - the class of each row, from 0
 * @param constant - value of the bias column behind all others: the larger, the faster the bias learns
 * @returns the weights of each class, that of the bias column last: the log-odds for the class are the centred row times its weights
 */
export function fitLinearModel(
  rows: SparseRows,
  classes: readonly number[],
  { steps, learningRate, constant }: DescentOptions & { readonly constant: number },
): Float64Array[] {
  const regression = new LogisticRegression({ numSteps: steps, learningRate });
  regression.train(new CentredRows(rows, constant), Matrix.columnVector(classes));
  // The package learns the probability of NOT being the class.
  return regression.classifiers.map(({ weights }) => Float64Array.from(weights.getRow(0), (weight) => -weight));
}

/**
 * Sparse rows less their centre, with one more column of a constant for the bias: as much of a matrix as ml-logistic-regression uses. It never becomes dense, for a ticket
 * fills about a hundredth of the tens of thousands of columns. Without centring, gradient descent takes ten times as many steps.
 */
class CentredRows implements FeatureMatrix {
  /** Number of columns, the bias included. */
  readonly columns: number;
  private readonly height: number;

  constructor(
    private readonly rows: SparseRows,
    private readonly constant: number,
  ) {
    this.height = rows.starts.length - 1;
    this.columns = rows.width + 1;
  }

  mmul(weights: Matrix): Matrix {
    const { starts, columns, values, width, centre } = this.rows;
    const w = Float64Array.from({ length: this.columns }, (_, i) => weights.get(i, 0));
    let shift = this.constant * (w[width] as number);
    for (let i = 0; i < width; i++) shift -= (centre[i] as number) * (w[i] as number);
    const scores = new Float64Array(this.height);
    for (let row = 0; row < this.height; row++) {
      let score = shift;
      for (let i = starts[row] as number, end = starts[row + 1] as number; i < end; i++) {
        score += (values[i] as number) * (w[columns[i] as number] as number);
      }
      scores[row] = score;
    }
    return Matrix.columnVector(scores);
  }

  /** The transposed rows, of which only the product with a column is used. */
  transpose(): ReturnType<FeatureMatrix['transpose']> {
    return {
      mmul: (errors) => {
        const gradient = this.gradient(errors);
        return { mul: (factor) => ({ transpose: () => Matrix.rowVector(gradient.map((slope) => slope * factor)) }) };
      },
    };
  }

  private gradient(errors: Matrix): Float64Array {
    const { starts, columns, values, width, centre, importance } = this.rows;
    const gradient = new Float64Array(this.columns);
    let total = 0;
    for (let row = 0; row < this.height; row++) {
      const error = errors.get(row, 0) * (importance?.[row] ?? 1);
      total += error;
      for (let i = starts[row] as number, end = starts[row + 1] as number; i < end; i++) {
        const column = columns[i] as number;
        gradient[column] = (gradient[column] as number) + (values[i] as number) * error;
      }
    }
    for (let i = 0; i < width; i++) gradient[i] = (gradient[i] as number) - (centre[i] as number) * total;
    gradient[width] = this.constant * total;
    return gradient;
  }
}
