import { Matrix } from 'ml-matrix';
import type { FeatureMatrix } from './one-versus-rest';

/** Sparse rows: the columns and values of row r lie from `starts[r]` to `starts[r + 1]`. */
export interface SparseRows {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
  readonly width: number;
}

/**
 * Sparse rows less their mean row, with one more column of a constant for the bias. It does as much of a matrix as
 * ml-logistic-regression asks for, and never becomes dense: a ticket fills about a hundredth of the tens of thousands of columns.
 * Without the mean row, gradient descent takes a tenth of the steps.
 */
export class CentredRows implements FeatureMatrix {
  /** Columns, the bias included. */
  readonly columns: number;
  /** The mean row. */
  readonly mean: Float64Array;
  readonly #rows: SparseRows;
  readonly #height: number;
  readonly #bias: number;

  constructor(rows: SparseRows, bias: number) {
    this.#rows = rows;
    this.#bias = bias;
    this.#height = rows.starts.length - 1;
    this.columns = rows.width + 1;
    this.mean = new Float64Array(rows.width);
    rows.columns.forEach((column, i) => {
      this.mean[column] = (this.mean[column] ?? 0) + (rows.values[i] ?? 0) / this.#height;
    });
  }

  /** The rows times a column of weights. */
  mmul(weights: Matrix): Matrix {
    const { starts, columns, values, width } = this.#rows;
    const w = Float64Array.from({ length: this.columns }, (_, i) => weights.get(i, 0));
    let shift = this.#bias * (w[width] as number);
    for (let i = 0; i < width; i++) shift -= (this.mean[i] as number) * (w[i] as number);
    const scores = new Float64Array(this.#height);
    for (let row = 0; row < this.#height; row++) {
      let score = shift;
      for (let i = starts[row] as number, end = starts[row + 1] as number; i < end; i++) {
        score += (values[i] as number) * (w[columns[i] as number] as number);
      }
      scores[row] = score;
    }
    return Matrix.columnVector(scores);
  }

  /** The turned rows: only their product with a column is ever asked for. */
  transpose(): { mmul(errors: Matrix): Gradient } {
    return { mmul: (errors) => this.#gradient(errors) };
  }

  #gradient(errors: Matrix): Gradient {
    const { starts, columns, values, width } = this.#rows;
    const gradient = new Float64Array(this.columns);
    let total = 0;
    for (let row = 0; row < this.#height; row++) {
      const error = errors.get(row, 0);
      total += error;
      for (let i = starts[row] as number, end = starts[row + 1] as number; i < end; i++) {
        const column = columns[i] as number;
        gradient[column] = (gradient[column] as number) + (values[i] as number) * error;
      }
    }
    for (let i = 0; i < width; i++) gradient[i] = (gradient[i] as number) - (this.mean[i] as number) * total;
    gradient[width] = this.#bias * total;
    return new Gradient(gradient);
  }
}

/** A column that can be scaled and laid down as a row. */
export class Gradient {
  readonly #column: Float64Array;

  constructor(column: Float64Array) {
    this.#column = column;
  }

  mul(factor: number): Gradient {
    return new Gradient(this.#column.map((number) => number * factor));
  }

  transpose(): Matrix {
    return Matrix.rowVector(this.#column);
  }
}
