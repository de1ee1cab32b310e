import { SmartSupportError } from '@smart-support/contracts';
import type { QuantisedVector } from '../vectors/quantised-vector';
import { invalidVector } from '../vectors/invalid-vector';
import type { Neighbour } from './neighbour';
import { inner, principalDirections } from './principal-directions';

/** Vectors that stand together and share their directions. */
const BLOCK = 256;

/**
 * Directions of a block: with fewer, more vectors have to be compared in full; with more, each costs more to take in. What it amounts to
 * shows `tools:bench --only=storm-verdicts`.
 */
const DIRECTIONS = 32;
/** How many are looked at before asking whether that is enough. */
const AT_A_TIME = 4;

/** Vectors that the directions are found from. */
const SAMPLE = 256;

/** More than the rounding of the projections, which stand as 32-bit floats, can amount to. */
const SLACK = 1e-4;

interface Block<Key> {
  /** `undefined` before there were vectors enough to find any. */
  directions: readonly Float64Array[] | undefined;
  readonly keys: (Key | undefined)[];
  readonly numbers: Int8Array;
  readonly squaredNorms: Float64Array;
  projections: Float32Array;
  live: number;
}

/**
 * Vectors of one length among which all that are similar to a newcomer are found: exactly those that comparing with every one would find,
 * but most are sorted out after a few numbers. A cosine above `t` means a squared distance below `2 - 2t` between unit vectors, and no
 * projection makes a distance longer: vectors that are far apart already in the few directions in which tickets differ most are not similar.
 * Which directions those are decides about the time, never about the answer.
 */
export class DenseIndex<Key> {
  private readonly blocks: Block<Key>[] = [];
  private readonly places = new Map<Key, { readonly block: Block<Key>; readonly at: number }>();
  private directions: readonly Float64Array[] | undefined;
  /** Size at which the directions are looked for again. */
  private nextLook = SAMPLE;

  /**
   * @param length - numbers of a vector
   * @param minSimilarity - neighbours are strictly more similar, in [0, 1)
   */
  constructor(
    private readonly length: number,
    private readonly minSimilarity: number,
  ) {}

  /** Vectors in the index. */
  get size(): number {
    return this.places.size;
  }

  /**
   * Takes a vector in.
   * @param key - not in the index yet
   * @throws SmartSupportError `invalid_input` for a vector of another length
   */
  add(key: Key, vector: QuantisedVector): void {
    this.check(vector);
    if (this.places.has(key)) throw new SmartSupportError('internal', 'The index has a vector of this key already');
    let block = this.blocks.at(-1);
    if (!block || block.keys.length === BLOCK) {
      block = this.newBlock();
      this.blocks.push(block);
    }
    const at = block.keys.length;
    block.keys.push(key);
    block.numbers.set(vector.numbers, at * this.length);
    block.squaredNorms[at] = vector.squaredNorm;
    if (block.directions) block.projections.set(project(vector, block.directions), at * DIRECTIONS);
    block.live += 1;
    this.places.set(key, { block, at });
  }

  /** Drops a vector; unknown keys are ignored. */
  delete(key: Key): void {
    const place = this.places.get(key);
    if (!place) return;
    this.places.delete(key);
    place.block.keys[place.at] = undefined;
    place.block.live -= 1;
    if (place.block.live === 0) this.blocks.splice(this.blocks.indexOf(place.block), 1);
  }

  /**
   * Every vector that is more similar than the threshold, in no particular order.
   * @throws SmartSupportError `invalid_input` for a vector of another length
   */
  near(vector: QuantisedVector): Neighbour<Key>[] {
    this.check(vector);
    const found: Neighbour<Key>[] = [];
    const projected = new Map<readonly Float64Array[], Float32Array>();
    for (const block of this.blocks) {
      const { directions } = block;
      let projection = directions && projected.get(directions);
      if (directions && !projection) projected.set(directions, (projection = project(vector, directions)));
      this.search(block, vector, projection, found);
    }
    return found;
  }

  private search(
    block: Block<Key>,
    vector: QuantisedVector,
    projection: Float32Array | undefined,
    found: Neighbour<Key>[],
  ): void {
    const limit = 2 - 2 * this.minSimilarity + SLACK;
    const { keys, projections, numbers, squaredNorms } = block;
    const { length } = this;
    const wanted = vector.numbers;
    for (let at = 0; at < keys.length; at += 1) {
      if (projection && isFar(projections, at * DIRECTIONS, projection, limit)) continue;
      const key = keys[at];
      if (key === undefined) continue;
      let sum = 0;
      const start = at * length;
      for (let index = 0; index < length; index += 1) {
        // In whole numbers of 32 bits, which engines are told by the zero.
        sum = (sum + (numbers[start + index] as number) * (wanted[index] as number)) | 0;
      }
      const similarity = sum / Math.sqrt((squaredNorms[at] as number) * vector.squaredNorm);
      if (similarity > this.minSimilarity) found.push({ key, similarity });
    }
  }

  private newBlock(): Block<Key> {
    if (this.size >= this.nextLook) {
      this.directions = principalDirections(this.sample(), DIRECTIONS);
      // Other things are being written about by then.
      this.nextLook = 16 * this.size;
      for (const block of this.blocks) if (!block.directions) this.give(block, this.directions);
    }
    return {
      directions: this.directions,
      keys: [],
      numbers: new Int8Array(BLOCK * this.length),
      squaredNorms: new Float64Array(BLOCK),
      projections: new Float32Array(this.directions ? BLOCK * DIRECTIONS : 0),
      live: 0,
    };
  }

  private give(block: Block<Key>, directions: readonly Float64Array[]): void {
    block.directions = directions;
    block.projections = new Float32Array(BLOCK * DIRECTIONS);
    for (let at = 0; at < block.keys.length; at += 1) {
      block.projections.set(project(this.vectorAt(block, at), directions), at * DIRECTIONS);
    }
  }

  private vectorAt({ numbers, squaredNorms }: Block<Key>, at: number): QuantisedVector {
    return {
      numbers: numbers.subarray(at * this.length, (at + 1) * this.length),
      squaredNorm: squaredNorms[at] as number,
    };
  }

  /** Vectors from everywhere in the index. */
  private sample(): QuantisedVector[] {
    const places = [...this.places.values()];
    const step = Math.max(1, Math.floor(places.length / SAMPLE));
    return places.filter((_, index) => index % step === 0).map(({ block, at }) => this.vectorAt(block, at));
  }

  private check({ numbers }: QuantisedVector): void {
    if (numbers.length === this.length) return;
    throw invalidVector(`has ${numbers.length} numbers where others have ${this.length}`);
  }
}

/** Where a vector of length 1 in this direction stands along each of some directions; 0 where there are fewer. */
function project({ numbers, squaredNorm }: QuantisedVector, directions: readonly Float64Array[]): Float32Array {
  const projection = new Float32Array(DIRECTIONS);
  const scale = 1 / Math.sqrt(squaredNorm);
  // One kind of array for `inner`, so that the engine needs not ask which it is at every number.
  const row = new Float64Array(numbers);
  directions.forEach((direction, index) => (projection[index] = scale * inner(row, direction)));
  return projection;
}

/** Whether the squared distance along the directions alone is beyond a limit. */
function isFar(projections: Float32Array, start: number, projection: Float32Array, limit: number): boolean {
  let sum = 0;
  for (let index = 0; index < DIRECTIONS; index += AT_A_TIME) {
    const a = (projections[start + index] as number) - (projection[index] as number);
    const b = (projections[start + index + 1] as number) - (projection[index + 1] as number);
    const c = (projections[start + index + 2] as number) - (projection[index + 2] as number);
    const d = (projections[start + index + 3] as number) - (projection[index + 3] as number);
    sum += a * a + b * b + c * c + d * d;
    if (sum > limit) return true;
  }
  return false;
}
