import type { QuantisedSparseVector } from '../vectors/quantised-sparse-vector';
import { grown } from './growing';
import type { WeightsByWord } from './weights-by-word';

/** Entries of a page; a longer vector has a page of its own. */
const PAGE = 8192;

/** Entries of consecutive vectors. Places are not reused, so that views on a vector stay valid. */
interface Page {
  readonly indices: Uint32Array;
  readonly numbers: Int8Array;
  used: number;
  /** Vectors that are not deleted. */
  vectors: number;
}

/**
 * Stores sparse vectors by small integers, their slots, which are reused. A page is dropped with the last of its vectors, so that memory is freed as vectors are
 * deleted in the order in which they were added.
 */
export class SparsePages {
  /** `undefined` at the numbers of dropped pages. */
  private readonly pages: (Page | undefined)[] = [];
  private readonly freeNumbers: number[] = [];
  /** Number of the page that is being filled. */
  private last: number | undefined;
  private readonly freeSlots: number[] = [];
  private slots = 0;
  /** By slot: number of the page, and start and end of the entries in it; -1 for a free slot. */
  private pageOf = new Int32Array(0);
  private startOf = new Int32Array(0);
  private endOf = new Int32Array(0);
  private squaredNorms = new Float64Array(0);

  /** Stores a vector. @returns its slot */
  add(vector: QuantisedSparseVector): number {
    const slot = this.freeSlots.pop() ?? this.slots++;
    this.pageOf = grown(this.pageOf, this.slots);
    this.startOf = grown(this.startOf, this.slots);
    this.endOf = grown(this.endOf, this.slots);
    this.squaredNorms = grown(this.squaredNorms, this.slots);
    this.squaredNorms[slot] = vector.squaredNorm;
    this.put(slot, vector);
    return slot;
  }

  /** The vector of a slot, as a view that stays valid after the vector is deleted. */
  get(slot: number): QuantisedSparseVector {
    const { indices, numbers } = this.pageAt(slot);
    const [start, end] = [this.startOf[slot] as number, this.endOf[slot] as number];
    return {
      indices: indices.subarray(start, end),
      numbers: numbers.subarray(start, end),
      squaredNorm: this.squaredNorms[slot] as number,
    };
  }

  /** See {@link WeightsByWord.cosineAbove}. */
  cosineAbove(minSimilarity: number, slot: number, weights: WeightsByWord): number {
    const { indices, numbers } = this.pageAt(slot);
    const [start, end] = [this.startOf[slot] as number, this.endOf[slot] as number];
    return weights.cosineAbove(minSimilarity, indices, numbers, start, end, this.squaredNorms[slot] as number);
  }

  /** Deletes the vector of a slot. */
  delete(slot: number): void {
    const number = this.pageOf[slot] as number;
    const page = this.pageAt(slot);
    page.vectors -= 1;
    this.pageOf[slot] = -1;
    this.freeSlots.push(slot);
    if (page.vectors === 0) this.drop(number);
  }

  private put(slot: number, { indices, numbers }: QuantisedSparseVector): void {
    const { length } = indices;
    let number = this.last;
    if (number === undefined || !hasRoom(this.pages[number], length)) this.last = number = this.newPage(length);
    const page = this.pages[number] as Page;
    this.pageOf[slot] = number;
    this.startOf[slot] = page.used;
    this.endOf[slot] = page.used + length;
    page.indices.set(indices, page.used);
    page.numbers.set(numbers, page.used);
    page.used += length;
    page.vectors += 1;
  }

  private newPage(length: number): number {
    const number = this.freeNumbers.pop() ?? this.pages.length;
    const size = Math.max(PAGE, length);
    this.pages[number] = { indices: new Uint32Array(size), numbers: new Int8Array(size), used: 0, vectors: 0 };
    return number;
  }

  private drop(number: number): void {
    this.pages[number] = undefined;
    this.freeNumbers.push(number);
    if (this.last === number) this.last = undefined;
  }

  private pageAt(slot: number): Page {
    return this.pages[this.pageOf[slot] as number] as Page;
  }
}

function hasRoom(page: Page | undefined, length: number): boolean {
  return page !== undefined && page.used + length <= page.indices.length;
}
