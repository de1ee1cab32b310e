import type { QuantisedVector } from '../vectors/quantised-vector';
import { inner, principalDirections, unit } from './principal-directions';

/** Vectors of a block, whose projections are stored together. */
export const BLOCK = 256;

/** Directions of a projection. With fewer, more vectors pass and are compared in full; with more, each vector costs more to add. */
const DIRECTIONS = 48;
/** Cells of a direction: a cell has four bits, and eight of them fill a word. Words are tested one after another. */
const CELLS = 16;
const WORDS = DIRECTIONS / 8;
/** Pairs of cells: the distances of two directions are looked up together. */
const PAIR = CELLS * CELLS;
/** Standard deviations from the mean at which the outermost cells begin, which are unbounded. */
const SPREAD = 2;

/** Squared distances are integers at this scale, which can be compared without a branch. */
const SCALE = 2 ** 24;
/** More than the rounding error of a projection. */
const SLACK = 1e-6;

/**
 * Removes most vectors that are far from a query, and never a near one. A projection never makes a distance longer, so vectors that are far apart in the few
 * directions in which tickets differ most are far apart. Of the position along each direction four bits are stored, the number of a cell (a vector
 * approximation file: Weber, Schek and Blott, A Quantitative Analysis and Performance Study for Similarity-Search Methods in High-Dimensional Spaces,
 * VLDB 1998), and the distances to the near walls of the cells are added up.
 */
export class ProjectionFilter {
  private readonly directions: readonly Float64Array[];
  /** By direction: where its cells begin, and how wide they are. */
  private readonly firsts = new Float64Array(DIRECTIONS);
  private readonly widths = new Float64Array(DIRECTIONS);
  private readonly positions = new Float64Array(DIRECTIONS);
  private latest: QuantisedVector | undefined;
  private readonly limit: number;
  /** Squared distances of the query to each pair of cells. */
  private readonly distances = new Int32Array((DIRECTIONS / 2) * PAIR);
  /** Places of the vectors that passed the last call of {@link candidates}. */
  readonly passed = new Uint8Array(BLOCK);
  /** Lower bounds of their squared distances. */
  private readonly sums = new Int32Array(BLOCK);

  /**
   * @param sample - vectors like those to come; they affect the speed, never the result
   * @param limit - squared distance of unit vectors up to which they are near, at most 2
   */
  constructor(sample: readonly QuantisedVector[], limit: number) {
    this.limit = Math.ceil((limit + SLACK) * SCALE);
    const rows = sample.map(unit);
    this.directions = principalDirections(sample, DIRECTIONS);
    this.directions.forEach((direction, index) => {
      const positions = rows.map((row) => inner(row, direction));
      const mean = positions.reduce((sum, value) => sum + value, 0) / positions.length;
      const variance = positions.reduce((sum, value) => sum + (value - mean) ** 2, 0) / positions.length;
      const reach = SPREAD * Math.sqrt(variance) + SLACK;
      this.firsts[index] = mean - reach;
      this.widths[index] = (2 * reach) / CELLS;
    });
  }

  /** Projections of the vectors of a block: all first words, then all second ones, and so on. */
  static newProjections(): Int32Array {
    return new Int32Array(WORDS * BLOCK);
  }

  /** Stores the projection of a vector in a block, at an empty place. */
  encode(vector: QuantisedVector, projections: Int32Array, at: number): void {
    const positions = this.positionsOf(vector);
    for (let index = 0; index < this.directions.length; index += 1) {
      const cell = Math.max(0, Math.min(CELLS - 1, Math.floor(positions[index] as number)));
      const place = (index >> 3) * BLOCK + at;
      projections[place] = (projections[place] as number) | (cell << (4 * (index & 7)));
    }
  }

  /** Sets the vector that others are compared with. */
  setQuery(vector: QuantisedVector): void {
    const positions = this.positionsOf(vector);
    const even = new Int32Array(CELLS);
    const odd = new Int32Array(CELLS);
    for (let index = 0; index < this.directions.length; index += 2) {
      this.fillDistances(positions, index, even);
      this.fillDistances(positions, index + 1, odd);
      const start = (index >> 1) * PAIR;
      for (let pair = 0; pair < PAIR; pair += 1) {
        this.distances[start + pair] = (even[pair & 15] as number) + (odd[pair >> 4] as number);
      }
    }
  }

  /**
   * Finds the vectors of a block that may be near the query, and writes their places to {@link passed}.
   * @param count - vectors in the block
   * @returns how many passed
   */
  candidates(projections: Int32Array, count: number): number {
    let passed = this.filterByFirstWord(projections, count);
    for (let word = 1; word < WORDS && passed > 0; word += 1) passed = this.filterByWord(projections, passed, word);
    return passed;
  }

  /** Position of a vector along each direction, in cells. */
  private positionsOf(vector: QuantisedVector): Float64Array {
    // A vector is often added right after it was the query.
    if (this.latest !== vector) {
      const row = unit(vector);
      this.directions.forEach((direction, index) => {
        const distance = inner(row, direction) - (this.firsts[index] as number);
        this.positions[index] = distance / (this.widths[index] as number);
      });
      this.latest = vector;
    }
    return this.positions;
  }

  /** Computes the squared distances to the near walls of the cells of a direction; 0 for a missing direction. */
  private fillDistances(positions: Float64Array, index: number, distances: Int32Array): void {
    const position = positions[index] as number;
    const squaredWidth = SCALE * (this.widths[index] as number) ** 2;
    for (let cell = 0; cell < CELLS; cell += 1) {
      const before = cell === 0 ? 0 : cell - position;
      const beyond = cell === CELLS - 1 ? 0 : position - cell - 1;
      distances[cell] = Math.min(this.limit + 1, squaredWidth * Math.max(0, before, beyond) ** 2);
    }
  }

  // Neither of the two branches on the data, which would be mispredicted: each place is written, and the count grows only for those that pass.

  private filterByFirstWord(projections: Int32Array, count: number): number {
    const { distances, passed, sums, limit } = this;
    let kept = 0;
    for (let at = 0; at < count; at += 1) {
      const word = projections[at] as number;
      const a = distances[word & 255] as number;
      const b = distances[PAIR + ((word >> 8) & 255)] as number;
      const c = distances[2 * PAIR + ((word >> 16) & 255)] as number;
      const d = distances[3 * PAIR + (word >>> 24)] as number;
      const sum = (((a + b) | 0) + ((c + d) | 0)) | 0;
      sums[kept] = sum;
      passed[kept] = at;
      kept = (kept + 1 + ((limit - sum) >> 31)) | 0;
    }
    return kept;
  }

  private filterByWord(projections: Int32Array, count: number, which: number): number {
    const { distances, passed, sums, limit } = this;
    const first = which * BLOCK;
    const start = which * 4 * PAIR;
    let kept = 0;
    for (let place = 0; place < count; place += 1) {
      const at = passed[place] as number;
      const word = projections[first + at] as number;
      const a = distances[start + (word & 255)] as number;
      const b = distances[start + PAIR + ((word >> 8) & 255)] as number;
      const c = distances[start + 2 * PAIR + ((word >> 16) & 255)] as number;
      const d = distances[start + 3 * PAIR + (word >>> 24)] as number;
      const sum = ((sums[place] as number) + ((((a + b) | 0) + ((c + d) | 0)) | 0)) | 0;
      sums[kept] = sum;
      passed[kept] = at;
      kept = (kept + 1 + ((limit - sum) >> 31)) | 0;
    }
    return kept;
  }
}
