import { SmartSupportError } from '@smart-support/contracts';
import type { QuantisedVector } from '../vectors/quantised-vector';
import { invalidVector } from '../vectors/invalid-vector';
import type { Neighbour } from './neighbour';
import { BLOCK, ProjectionFilter } from './projection-filter';

/** Vectors that a sieve is made after. More make a better one, but the search waits meanwhile: some 0.1 s with this many. */
const SAMPLE = 512;

const ALL = Uint8Array.from({ length: BLOCK }, (_, at) => at);

/** Vectors that came one after another. Places are given out once, so that what was read from one stays as it was. */
interface Block<Key> {
  /** `undefined` for those that are gone. */
  readonly keys: (Key | undefined)[];
  readonly numbers: Int8Array;
  readonly squaredNorms: Float64Array;
  /** `undefined` before there were vectors enough to make one after. */
  sieve: ProjectionFilter | undefined;
  pictures: Int32Array;
  live: number;
}

/**
 * Vectors of one length among which all that are similar to a newcomer are found: exactly those that comparing with every one would find.
 * A cosine above `t` means a squared distance below `2 - 2t` between unit vectors: a sieve sorts out most that are further away, and only what
 * it leaves is compared. Vectors that go in the order in which they came leave nothing behind.
 */
export class DenseIndex<Key> {
  /** With holes for the numbers of blocks that are gone. */
  private readonly blocks: (Block<Key> | undefined)[] = [];
  private readonly freeNumbers: number[] = [];
  /** The block that is filled. */
  private last: number | undefined;
  /** Number of the block times {@link BLOCK}, plus the place in it. */
  private readonly places = new Map<Key, number>();
  /** Places of all blocks, those of vectors that are gone included. */
  private used = 0;
  private sieve: ProjectionFilter | undefined;
  private added = 0;
  /** How many are to be added until a sieve is made again: other things are being written about by then. */
  private nextLook = BLOCK;

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
    this.put(key, vector);
    this.added += 1;
  }

  /** The vector of a key, without a copy of its numbers. It stays as it is when the index drops it. */
  get(key: Key): QuantisedVector | undefined {
    const place = this.places.get(key);
    return place === undefined ? undefined : vectorAt(this.blockOf(place), place % BLOCK, this.length);
  }

  /** Drops a vector; unknown keys are ignored. */
  delete(key: Key): void {
    const place = this.places.get(key);
    if (place === undefined) return;
    this.places.delete(key);
    const block = this.blockOf(place);
    block.keys[place % BLOCK] = undefined;
    block.live -= 1;
    if (block.live === 0) this.drop(Math.floor(place / BLOCK));
    // Never where the oldest go first.
    if (this.used > 2 * this.size + BLOCK) this.dissolveEmptiest();
  }

  /**
   * Every vector that is more similar than the threshold, in no particular order.
   * @throws SmartSupportError `invalid_input` for a vector of another length
   */
  near(vector: QuantisedVector): Neighbour<Key>[] {
    this.check(vector);
    const found: Neighbour<Key>[] = [];
    const aimed = new Set<ProjectionFilter>();
    for (const block of this.blocks) {
      if (!block) continue;
      const { sieve, pictures, keys } = block;
      if (sieve && !aimed.has(sieve)) {
        sieve.setQuery(vector);
        aimed.add(sieve);
      }
      if (sieve) this.compare(block, sieve.left, sieve.candidates(pictures, keys.length), vector, found);
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
    const wanted = vector.numbers;
    for (let place = 0; place < count; place += 1) {
      const at = left[place] as number;
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

  private put(key: Key, vector: QuantisedVector): void {
    let number = this.last;
    if (number === undefined || this.blocks[number]?.keys.length === BLOCK) this.last = number = this.newBlock();
    const block = this.blocks[number] as Block<Key>;
    const at = block.keys.length;
    block.keys.push(key);
    block.numbers.set(vector.numbers, at * this.length);
    block.squaredNorms[at] = vector.squaredNorm;
    block.sieve?.encode(vector, block.pictures, at);
    block.live += 1;
    this.used += 1;
    this.places.set(key, number * BLOCK + at);
  }

  private newBlock(): number {
    if (this.added >= this.nextLook && this.size >= BLOCK) {
      this.sieve = new ProjectionFilter(this.sample(), 2 - 2 * this.minSimilarity);
      this.nextLook = this.added + 8 * this.size;
      for (const block of this.blocks) if (block && !block.sieve) this.give(block, this.sieve);
    }
    const number = this.freeNumbers.pop() ?? this.blocks.length;
    this.blocks[number] = {
      keys: [],
      numbers: new Int8Array(BLOCK * this.length),
      squaredNorms: new Float64Array(BLOCK),
      sieve: this.sieve,
      pictures: ProjectionFilter.newPictures(),
      live: 0,
    };
    return number;
  }

  private give(block: Block<Key>, sieve: ProjectionFilter): void {
    block.sieve = sieve;
    for (let at = 0; at < block.keys.length; at += 1) {
      sieve.encode(vectorAt(block, at, this.length), block.pictures, at);
    }
  }

  private drop(number: number): void {
    this.used -= this.blocks[number]?.keys.length ?? 0;
    this.blocks[number] = undefined;
    this.freeNumbers.push(number);
    if (this.last === number) this.last = undefined;
  }

  /** Puts what is left of the emptiest block elsewhere, which is less than half a block. */
  private dissolveEmptiest(): void {
    let emptiest: number | undefined;
    this.blocks.forEach((block, number) => {
      if (!block || number === this.last) return;
      if (emptiest === undefined || block.live < (this.blocks[emptiest]?.live ?? 0)) emptiest = number;
    });
    if (emptiest === undefined) return;
    const block = this.blocks[emptiest] as Block<Key>;
    block.keys.forEach((key, at) => {
      if (key !== undefined) this.put(key, vectorAt(block, at, this.length));
    });
    this.drop(emptiest);
  }

  private blockOf(place: number): Block<Key> {
    return this.blocks[Math.floor(place / BLOCK)] as Block<Key>;
  }

  /** Vectors from everywhere in the index. */
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
