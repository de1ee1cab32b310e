import type { QuantisedSparseVector } from '../vectors/quantised-sparse-vector';
import { grown } from './growing';
import type { WeightsByWord } from './weights-by-word';

/** Entries of a page; a longer vector has one of its own. */
const PAGE = 8192;

/** Entries of vectors that came one after another. Places are given out once, so that what was read from one stays as it was. */
interface Page {
  readonly indices: Uint32Array;
  readonly numbers: Int8Array;
  used: number;
  /** Vectors that are still there, and their entries. */
  vectors: number;
  live: number;
}

/**
 * Sparse vectors by small whole numbers, their slots, which are given out again. A page goes with the last of its vectors: those that go in the
 * order in which they came leave nothing behind.
 */
export class SparsePages {
  /** With holes for the numbers of pages that are gone. */
  private readonly pages: (Page | undefined)[] = [];
  private readonly freeNumbers: number[] = [];
  /** The page that is filled. */
  private last: number | undefined;
  private readonly freeSlots: number[] = [];
  private slots = 0;
  /** By slot: number of the page, and where in it the entries are; no page for a free slot. */
  private pageOf = new Int32Array(0);
  private startOf = new Int32Array(0);
  private endOf = new Int32Array(0);
  private squaredNorms = new Float64Array(0);
  /** Entries of all pages, and those of vectors that are still there. */
  private used = 0;
  private live = 0;

  /** Keeps a vector. @returns its slot */
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

  /** The vector of a slot, without a copy of its numbers. It stays as it is when it is deleted. */
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

  /** Drops the vector of a slot. */
  delete(slot: number): void {
    const number = this.pageOf[slot] as number;
    const page = this.pageAt(slot);
    this.count(page, slot, -1);
    this.pageOf[slot] = -1;
    this.freeSlots.push(slot);
    if (page.vectors === 0) this.drop(number);
    // Never where the oldest go first.
    if (this.used > 2 * this.live + 2 * PAGE) this.dissolveEmptiest();
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
    this.used += length;
    this.count(page, slot, 1);
  }

  private newPage(length: number): number {
    const number = this.freeNumbers.pop() ?? this.pages.length;
    const size = Math.max(PAGE, length);
    this.pages[number] = { indices: new Uint32Array(size), numbers: new Int8Array(size), used: 0, vectors: 0, live: 0 };
    return number;
  }

  private count(page: Page, slot: number, change: 1 | -1): void {
    const entries = change * ((this.endOf[slot] as number) - (this.startOf[slot] as number));
    page.vectors += change;
    page.live += entries;
    this.live += entries;
  }

  private drop(number: number): void {
    this.used -= this.pages[number]?.used ?? 0;
    this.pages[number] = undefined;
    this.freeNumbers.push(number);
    if (this.last === number) this.last = undefined;
  }

  /** Puts what is left of the emptiest page elsewhere. */
  private dissolveEmptiest(): void {
    let emptiest: number | undefined;
    this.pages.forEach((page, number) => {
      if (!page || number === this.last) return;
      if (emptiest === undefined || page.live < (this.pages[emptiest]?.live ?? 0)) emptiest = number;
    });
    if (emptiest === undefined) return;
    for (let slot = 0; slot < this.slots; slot += 1) {
      if (this.pageOf[slot] !== emptiest) continue;
      const vector = this.get(slot);
      this.live -= vector.indices.length;
      this.put(slot, vector);
    }
    this.drop(emptiest);
  }

  private pageAt(slot: number): Page {
    return this.pages[this.pageOf[slot] as number] as Page;
  }
}

function hasRoom(page: Page | undefined, length: number): boolean {
  return page !== undefined && page.used + length <= page.indices.length;
}
