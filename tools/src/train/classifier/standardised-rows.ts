import { Matrix } from 'ml-matrix';
import { Gradient } from './centred-rows';
import type { FeatureMatrix } from './one-versus-rest';

/**
 * Smallest deviation that is divided by, as a share of the largest. MiniLM has columns that are 0 but for rounding; blown up
 * to the size of the others they would be noise with weights so large that no room is left for the rest when packed.
 */
const SMALLEST_DEVIATION = 0.001;

/**
 * Dense rows, each column less its mean and divided by its standard deviation (a column that hardly changes stays small), with one more column of a constant for the bias.
 * It does as much of a matrix as ml-logistic-regression asks for, in typed arrays: ten times as quick as an ordinary matrix.
 */
export class StandardisedRows implements FeatureMatrix {
  /** Columns, the bias included. */
  readonly columns: number;
  /** The mean row. */
  readonly mean: Float64Array;
  /** What each column was divided by. */
  readonly deviation: Float64Array;
  readonly #values: Float64Array;
  readonly #width: number;
  readonly #height: number;
  readonly #bias: number;

  /**
   * @param rows - at least one, all of one length
   * @param bias - the constant in the last column
   */
  constructor(rows: readonly Float32Array[], bias: number) {
    this.#bias = bias;
    this.#height = rows.length;
    this.#width = rows[0]?.length ?? 0;
    this.columns = this.#width + 1;
    this.mean = new Float64Array(this.#width);
    this.deviation = new Float64Array(this.#width);
    for (const row of rows) row.forEach((value, i) => (this.mean[i] = at(this.mean, i) + value / this.#height));
    for (const row of rows) {
      row.forEach((value, i) => {
        this.deviation[i] = at(this.deviation, i) + (value - at(this.mean, i)) ** 2 / this.#height;
      });
    }
    const smallest = SMALLEST_DEVIATION * Math.sqrt(Math.max(...this.deviation)) || 1;
    this.deviation.forEach((variance, i) => (this.deviation[i] = Math.max(Math.sqrt(variance), smallest)));
    this.#values = new Float64Array(this.#height * this.#width);
    rows.forEach((row, r) => {
      row.forEach((value, i) => {
        this.#values[r * this.#width + i] = (value - at(this.mean, i)) / at(this.deviation, i);
      });
    });
  }

  /** The rows times a column of weights. */
  mmul(weights: Matrix): Matrix {
    const values = this.#values;
    const width = this.#width;
    const w = Float64Array.from({ length: this.columns }, (_, i) => weights.get(i, 0));
    const shift = this.#bias * at(w, width);
    const scores = new Float64Array(this.#height);
    for (let row = 0, k = 0; row < scores.length; row++) {
      let score = shift;
      for (let i = 0; i < width; i++, k++) score += (values[k] as number) * (w[i] as number);
      scores[row] = score;
    }
    return Matrix.columnVector(scores);
  }

  /** The turned rows: only their product with a column is ever asked for. */
  transpose(): { mmul(errors: Matrix): Gradient } {
    return { mmul: (errors) => this.#gradient(errors) };
  }

  #gradient(errors: Matrix): Gradient {
    const values = this.#values;
    const width = this.#width;
    const gradient = new Float64Array(this.columns);
    let total = 0;
    for (let row = 0, k = 0; row < this.#height; row++) {
      const error = errors.get(row, 0);
      total += error;
      for (let i = 0; i < width; i++, k++) gradient[i] = (gradient[i] as number) + (values[k] as number) * error;
    }
    gradient[width] = this.#bias * total;
    return new Gradient(gradient);
  }
}

function at(numbers: Float64Array, i: number): number {
  return numbers[i] as number;
}
