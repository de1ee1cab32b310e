import { SmartSupportError } from '@smart-support/contracts';
import { type QuantisedVector, invalidVector } from '../vectors/quantised-vector';
import type { Neighbour } from './neighbour';
import { BLOCK, ProjectionFilter } from './projection-filter';

/** Vectors that a filter is computed from. More make a better filter, but block the search longer: some 0.1 s with this many. */
const SAMPLE = 512;

const ALL = Uint8Array.from({ length: BLOCK }, (_, at) => at);

/** Consecutive vectors. Places are not reused, so that views on a vector stay valid. */
interface Block<Key> {
  /** `undefined` for deleted ones. */
  readonly keys: (Key | undefined)[];
  readonly numbers: Int8Array;
  readonly squaredNorms: Float64Array;
  /** `undefined` until there are enough vectors to compute one. */
  filter: ProjectionFilter | undefined;
  projections: Int32Array;
  live: number;
}

/**
 * Finds all vectors similar to a newcomer, exactly as a comparison with every vector would. A cosine above `t` means a squared distance below `2 - 2t` between
 * unit vectors: a filter removes most vectors that are further away, and only the rest is compared. Memory is freed by blocks, as vectors are deleted in the
 * order in which they were added.
 */
export class DenseIndex<Key> {
  /** `undefined` at the numbers of dropped blocks. */
  private readonly blocks: (Block<Key> | undefined)[] = [];
  private readonly freeNumbers: number[] = [];
  /** Number of the block that is being filled. */
  private last: number | undefined;
  /** Block number times {@link BLOCK}, plus the place in the block. */
  private readonly places = new Map<Key, number>();
  private filter: ProjectionFilter | undefined;
  private added = 0;
  /** Number of added vectors at which the filter is computed again: the matters change with time. */
  private nextFilterAt = BLOCK;

  /**
   * @param length - numbers of each vector
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
   * Adds a vector.
   * @param key - not in the index yet
   * @throws SmartSupportError `invalid_input` for a vector of another length
   */
  add(key: Key, vector: QuantisedVector): void {
    this.check(vector);
    if (this.places.has(key)) throw new SmartSupportError('internal', 'The index has a vector of this key already');
    this.store(key, vector);
    this.added += 1;
  }

  /** The vector of a key, as a view that stays valid after the vector is deleted. */
  get(key: Key): QuantisedVector | undefined {
    const place = this.places.get(key);
    return place === undefined ? undefined : vectorAt(this.blockOf(place), place % BLOCK, this.length);
  }

  /** Deletes a vector; unknown keys are ignored. */
  delete(key: Key): void {
    const place = this.places.get(key);
    if (place === undefined) return;
    this.places.delete(key);
    const block = this.blockOf(place);
    block.keys[place % BLOCK] = undefined;
    block.live -= 1;
    if (block.live === 0) this.dropBlock(Math.floor(place / BLOCK));
  }

  /**
   * All vectors that are more similar than the threshold, in no particular order.
   * @throws SmartSupportError `invalid_input` for a vector of another length
   */
  near(vector: QuantisedVector): Neighbour<Key>[] {
    this.check(vector);
    const found: Neighbour<Key>[] = [];
    const prepared = new Set<ProjectionFilter>();
    for (const block of this.blocks) {
      if (!block) continue;
      const { filter, projections, keys } = block;
      if (filter && !prepared.has(filter)) {
        filter.setQuery(vector);
        prepared.add(filter);
      }
      if (filter) this.compare(block, filter.passed, filter.candidates(projections, keys.length), vector, found);
      else this.compare(block, ALL, keys.length, vector, found);
    }
    return found;
  }

  private compare(
    block: Block<Key>,
    left: Uint8Array,
    count: number,
    vector: QuantisedVector,
    found: Neighbour<Key>[],
  ): void {
    const { keys, numbers, squaredNorms } = block;
    const { length } = this;
    const query = vector.numbers;
    for (let place = 0; place < count; place += 1) {
      const at = left[place] as number;
      const key = keys[at];
      if (key === undefined) continue;
      let sum = 0;
      const start = at * length;
      for (let index = 0; index < length; index += 1) {
        // The `| 0` keeps the sum a 32-bit integer.
        sum = (sum + (numbers[start + index] as number) * (query[index] as number)) | 0;
      }
      const similarity = sum / Math.sqrt((squaredNorms[at] as number) * vector.squaredNorm);
      if (similarity > this.minSimilarity) found.push({ key, similarity });
    }
  }

  private store(key: Key, vector: QuantisedVector): void {
    let number = this.last;
    if (number === undefined || this.blocks[number]?.keys.length === BLOCK) this.last = number = this.newBlock();
    const block = this.blocks[number] as Block<Key>;
    const at = block.keys.length;
    block.keys.push(key);
    block.numbers.set(vector.numbers, at * this.length);
    block.squaredNorms[at] = vector.squaredNorm;
    block.filter?.encode(vector, block.projections, at);
    block.live += 1;
    this.places.set(key, number * BLOCK + at);
  }

  private newBlock(): number {
    if (this.added >= this.nextFilterAt && this.size >= BLOCK) {
      this.filter = new ProjectionFilter(this.sample(), 2 - 2 * this.minSimilarity);
      this.nextFilterAt = this.added + 8 * this.size;
      for (const block of this.blocks) if (block && !block.filter) this.encodeBlock(block, this.filter);
    }
    const number = this.freeNumbers.pop() ?? this.blocks.length;
    this.blocks[number] = {
      keys: [],
      numbers: new Int8Array(BLOCK * this.length),
      squaredNorms: new Float64Array(BLOCK),
      filter: this.filter,
      projections: ProjectionFilter.newProjections(),
      live: 0,
    };
    return number;
  }

  private encodeBlock(block: Block<Key>, filter: ProjectionFilter): void {
    block.filter = filter;
    for (let at = 0; at < block.keys.length; at += 1) {
      filter.encode(vectorAt(block, at, this.length), block.projections, at);
    }
  }

  private dropBlock(number: number): void {
    this.blocks[number] = undefined;
    this.freeNumbers.push(number);
    if (this.last === number) this.last = undefined;
  }

  private blockOf(place: number): Block<Key> {
    return this.blocks[Math.floor(place / BLOCK)] as Block<Key>;
  }

  /** Vectors from all parts of the index. */
  private sample(): QuantisedVector[] {
    const keys = [...this.places.keys()];
    const step = Math.max(1, Math.floor(keys.length / SAMPLE));
    return keys.filter((_, index) => index % step === 0).flatMap((key) => this.get(key) ?? []);
  }

  private check({ numbers }: QuantisedVector): void {
    if (numbers.length === this.length) return;
    throw invalidVector(`has ${numbers.length} numbers where others have ${this.length}`);
  }
}

function vectorAt({ numbers, squaredNorms }: Block<unknown>, at: number, length: number): QuantisedVector {
  return { numbers: numbers.subarray(at * length, (at + 1) * length), squaredNorm: squaredNorms[at] as number };
}
