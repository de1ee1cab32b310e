import type { QuantisedVector } from '../vectors/quantised-vector';
import { inner, principalDirections, unit } from './principal-directions';

/** Vectors whose pictures stand together. */
export const BLOCK = 256;

/** Directions that a picture shows: with fewer, more vectors have to be compared in full; with more, each costs more to take in. */
const DIRECTIONS = 48;
/** Cells of a direction: four bits, eight of which are a word. Words are looked at one after another, until there is enough. */
const CELLS = 16;
const WORDS = DIRECTIONS / 8;
/** Pairs of directions are looked up together: so many pairs of cells. */
const PAIR = CELLS * CELLS;
/** Standard deviations from the mean at which the outermost cells begin, which have no end. */
const SPREAD = 2;

/** Squared distances are counted in whole numbers of this size, for the engine knows comparisons of these without a jump. */
const SCALE = 2 ** 24;
/** More than the rounding of a projection can amount to. */
const SLACK = 1e-6;

/**
 * Sorts out most vectors that are far from one, and never one that is near. No projection makes a distance longer: vectors that are far apart
 * already in the few directions in which tickets differ most are far apart. Of where a vector stands along each of these, four bits are kept,
 * the number of a cell (a vector approximation file: Weber, Schek and Blott, A Quantitative Analysis and Performance Study for
 * Similarity-Search Methods in High-Dimensional Spaces, VLDB 1998), and what is added up is the distance to the near wall of the cell.
 */
export class ProjectionFilter {
  private readonly directions: readonly Float64Array[];
  /** Where the cells of a direction begin, and how wide they are. */
  private readonly firsts = new Float64Array(DIRECTIONS);
  private readonly widths = new Float64Array(DIRECTIONS);
  private readonly positions = new Float64Array(DIRECTIONS);
  private latest: QuantisedVector | undefined;
  private readonly limit: number;
  /** For every pair of cells the squared distance of the vector that was aimed at. */
  private readonly distances = new Int32Array((DIRECTIONS / 2) * PAIR);
  /** Places of those that the last {@link candidates} left. */
  readonly left = new Uint8Array(BLOCK);
  /** How far away each of them is for all that is known. */
  private readonly sums = new Int32Array(BLOCK);

  /**
   * @param sample - vectors as those to come; which they are decides about the time, never about the answer
   * @param limit - squared distance between vectors of length 1 up to which they are near, at most 2
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

  /** Pictures of a block's vectors, all the first words before all the second ones. */
  static newPictures(): Int32Array {
    return new Int32Array(WORDS * BLOCK);
  }

  /** Draws a vector into the pictures of a block, where there is none yet. */
  encode(vector: QuantisedVector, pictures: Int32Array, at: number): void {
    const positions = this.positionsOf(vector);
    for (let index = 0; index < this.directions.length; index += 1) {
      const cell = Math.max(0, Math.min(CELLS - 1, Math.floor(positions[index] as number)));
      const place = (index >> 3) * BLOCK + at;
      pictures[place] = (pictures[place] as number) | (cell << (4 * (index & 7)));
    }
  }

  /** Takes a vector as the one that others are to be near to. */
  setQuery(vector: QuantisedVector): void {
    const positions = this.positionsOf(vector);
    const even = new Int32Array(CELLS);
    const odd = new Int32Array(CELLS);
    for (let index = 0; index < this.directions.length; index += 2) {
      this.measure(positions, index, even);
      this.measure(positions, index + 1, odd);
      const start = (index >> 1) * PAIR;
      for (let pair = 0; pair < PAIR; pair += 1) {
        this.distances[start + pair] = (even[pair & 15] as number) + (odd[pair >> 4] as number);
      }
    }
  }

  /**
   * Which of a block may be near to the vector aimed at: their places come to stand in {@link left}.
   * @param count - vectors in the block
   * @returns how many there are
   */
  candidates(pictures: Int32Array, count: number): number {
    let left = this.siftAll(pictures, count);
    for (let word = 1; word < WORDS && left > 0; word += 1) left = this.siftFurther(pictures, left, word);
    return left;
  }

  /** Where a vector stands along the directions, counted in cells. */
  private positionsOf(vector: QuantisedVector): Float64Array {
    // Whoever looks for the neighbours of a vector often takes it in next.
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

  /** Squared distances to the near walls of the cells of a direction. Directions that there are not part nothing. */
  private measure(positions: Float64Array, index: number, distances: Int32Array): void {
    const position = positions[index] as number;
    const squaredWidth = SCALE * (this.widths[index] as number) ** 2;
    for (let cell = 0; cell < CELLS; cell += 1) {
      const before = cell === 0 ? 0 : cell - position;
      const beyond = cell === CELLS - 1 ? 0 : position - cell - 1;
      distances[cell] = Math.min(this.limit + 1, squaredWidth * Math.max(0, before, beyond) ** 2);
    }
  }

  // Neither of the two jumps on what it finds, which no processor could foresee: all are written down, and the place moves on only past those
  // that stay.

  private siftAll(pictures: Int32Array, count: number): number {
    const { distances, left, sums, limit } = this;
    let kept = 0;
    for (let at = 0; at < count; at += 1) {
      const word = pictures[at] as number;
      const a = distances[word & 255] as number;
      const b = distances[PAIR + ((word >> 8) & 255)] as number;
      const c = distances[2 * PAIR + ((word >> 16) & 255)] as number;
      const d = distances[3 * PAIR + (word >>> 24)] as number;
      const sum = (((a + b) | 0) + ((c + d) | 0)) | 0;
      sums[kept] = sum;
      left[kept] = at;
      kept = (kept + 1 + ((limit - sum) >> 31)) | 0;
    }
    return kept;
  }

  private siftFurther(pictures: Int32Array, count: number, which: number): number {
    const { distances, left, sums, limit } = this;
    const first = which * BLOCK;
    const start = which * 4 * PAIR;
    let kept = 0;
    for (let place = 0; place < count; place += 1) {
      const at = left[place] as number;
      const word = pictures[first + at] as number;
      const a = distances[start + (word & 255)] as number;
      const b = distances[start + PAIR + ((word >> 8) & 255)] as number;
      const c = distances[start + 2 * PAIR + ((word >> 16) & 255)] as number;
      const d = distances[start + 3 * PAIR + (word >>> 24)] as number;
      const sum = ((sums[place] as number) + ((((a + b) | 0) + ((c + d) | 0)) | 0)) | 0;
      sums[kept] = sum;
      left[kept] = at;
      kept = (kept + 1 + ((limit - sum) >> 31)) | 0;
    }
    return kept;
  }
}
