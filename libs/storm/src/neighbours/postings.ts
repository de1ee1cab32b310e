import { grown } from './growing';
import { hashOf } from './weights-by-word';

/** Marks the end of a chain. */
const NONE = -1;

/**
 * Inverted lists of vectors by word, in arrays of integers without an object for each posting. A posting is part of the chain of its word's hash and of the
 * chain of its vector; it can be removed from both in constant time, and its place is reused.
 */
export class Postings {
  private words = new Int32Array(0);
  private slots = new Int32Array(0);
  private after = new Int32Array(0);
  private before = new Int32Array(0);
  /** The next posting of the same vector. */
  private sibling = new Int32Array(0);
  private firstOfSlot = new Int32Array(0);
  /** By hash; the length is a power of two. */
  private firstOfHash = new Int32Array(64).fill(NONE);
  private free = NONE;
  private used = 0;
  private count = 0;

  /** Lists a vector under some words. @param slot - not listed yet */
  add(slot: number, words: readonly number[]): void {
    this.firstOfSlot = grown(this.firstOfSlot, slot + 1);
    this.firstOfSlot[slot] = NONE;
    for (const word of words) {
      const posting = this.newPosting();
      this.words[posting] = word | 0;
      this.slots[posting] = slot;
      this.sibling[posting] = this.firstOfSlot[slot] as number;
      this.firstOfSlot[slot] = posting;
      this.link(posting);
    }
    if (this.count > 2 * this.firstOfHash.length) this.spread();
  }

  /** Removes a vector from all lists. */
  delete(slot: number): void {
    let posting = this.firstOfSlot[slot] as number;
    while (posting !== NONE) {
      const next = this.sibling[posting] as number;
      this.unlink(posting);
      this.sibling[posting] = this.free;
      this.free = posting;
      this.count -= 1;
      posting = next;
    }
  }

  /** Calls `then` with each slot that is listed under a word. */
  forEach(word: number, then: (slot: number) => void): void {
    for (let posting = this.firstOfHash[this.placeOf(word)] as number; posting !== NONE;) {
      if (this.words[posting] === (word | 0)) then(this.slots[posting] as number);
      posting = this.after[posting] as number;
    }
  }

  private newPosting(): number {
    this.count += 1;
    if (this.free !== NONE) {
      const posting = this.free;
      this.free = this.sibling[posting] as number;
      return posting;
    }
    const posting = this.used;
    this.used += 1;
    this.words = grown(this.words, this.used);
    this.slots = grown(this.slots, this.used);
    this.after = grown(this.after, this.used);
    this.before = grown(this.before, this.used);
    this.sibling = grown(this.sibling, this.used);
    return posting;
  }

  private link(posting: number): void {
    const place = this.placeOf(this.words[posting] as number);
    const first = this.firstOfHash[place] as number;
    this.after[posting] = first;
    this.before[posting] = NONE;
    if (first !== NONE) this.before[first] = posting;
    this.firstOfHash[place] = posting;
  }

  private unlink(posting: number): void {
    const place = this.placeOf(this.words[posting] as number);
    const before = this.before[posting] as number;
    const after = this.after[posting] as number;
    if (before === NONE) this.firstOfHash[place] = after;
    else this.after[before] = after;
    if (after !== NONE) this.before[after] = before;
  }

  /** Doubles the table, so that chains stay short. */
  private spread(): void {
    const firsts = this.firstOfHash;
    this.firstOfHash = new Int32Array(2 * firsts.length).fill(NONE);
    for (const first of firsts) {
      for (let posting = first; posting !== NONE;) {
        const next = this.after[posting] as number;
        this.link(posting);
        posting = next;
      }
    }
  }

  private placeOf(word: number): number {
    return hashOf(word) & (this.firstOfHash.length - 1);
  }
}
