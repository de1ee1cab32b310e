/**
 * From 32-bit numbers to their positions in a list: open addressing with linear probing in two typed arrays,
 * several times quicker than a `Map` because no number is boxed. 0 cannot be in the list: it marks free places.
 */
export class NumberIndex {
  readonly #mask: number;
  readonly #keys: Int32Array;
  readonly #positions: Int32Array;
  /** Whether each number came once. */
  readonly distinct: boolean;

  constructor(numbers: ArrayLike<number>) {
    let table = 16;
    while (table < 2 * numbers.length) table *= 2;
    this.#mask = table - 1;
    this.#keys = new Int32Array(table);
    this.#positions = new Int32Array(table);
    let distinct = true;
    for (let i = 0; i < numbers.length; i++) {
      const number = (numbers[i] ?? 0) | 0;
      if (this.positionOf(number) >= 0) distinct = false;
      else this.#insert(number, i);
    }
    this.distinct = distinct;
  }

  #insert(number: number, position: number): void {
    let place = number & this.#mask;
    while (this.#keys[place] !== 0) place = (place + 1) & this.#mask;
    this.#keys[place] = number;
    this.#positions[place] = position;
  }

  /** The position of a signed 32-bit number, or -1. */
  positionOf(number: number): number {
    const keys = this.#keys;
    const mask = this.#mask;
    let place = number & mask;
    let key = keys[place] as number;
    while (key !== 0) {
      if (key === number) return this.#positions[place] as number;
      place = (place + 1) & mask;
      key = keys[place] as number;
    }
    return -1;
  }
}
