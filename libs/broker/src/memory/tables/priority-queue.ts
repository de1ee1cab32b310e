import { SmartSupportError } from '@smart-support/contracts';

interface Item<T> {
  readonly id: string;
  readonly value: T;
  key: number;
  /** Number of the insertion: decides between equal keys. */
  readonly order: number;
  /** Index in the heap. */
  index: number;
}

/**
 * Values under an id, the smallest key first; equal keys in order of insertion.
 * A binary heap with the index of each id: changes take O(log n), `peek` O(1).
 */
export class PriorityQueue<T> {
  private readonly heap: Item<T>[] = [];
  private readonly items = new Map<string, Item<T>>();
  private insertions = 0;

  get size(): number {
    return this.heap.length;
  }

  /** @throws SmartSupportError `internal` if the id is already in the queue or the key is not a number */
  insert(id: string, key: number, value: T): void {
    if (this.items.has(id)) throw new SmartSupportError('internal', `"${id}" is already in this queue`);
    const item: Item<T> = { id, value, key: orderable(key), order: this.insertions++, index: this.heap.length };
    this.items.set(id, item);
    this.heap.push(item);
    this.rise(item);
  }

  /** The value under an id, if the id is in the queue. */
  get(id: string): T | undefined {
    return this.items.get(id)?.value;
  }

  /** The first item, without removing it. */
  peek(): { readonly id: string; readonly key: number; readonly value: T } | undefined {
    return this.heap[0];
  }

  /** Removes an item. Returns its value, or `undefined` if the id is not in the queue. */
  remove(id: string): T | undefined {
    const item = this.items.get(id);
    if (!item) return undefined;
    this.items.delete(id);
    const last = this.heap.pop();
    if (last && last !== item) {
      this.place(last, item.index);
      this.rise(last);
      this.sink(last);
    }
    return item.value;
  }

  /**
   * Changes a key; among equals the item keeps its order of insertion. Returns whether the id is in the queue.
   * @throws SmartSupportError `internal` if the key is not a number
   */
  reprioritise(id: string, key: number): boolean {
    const item = this.items.get(id);
    if (!item) return false;
    item.key = orderable(key);
    this.rise(item);
    this.sink(item);
    return true;
  }

  /** All values, first to last, as the queue stands at the call. Costs a sort. */
  [Symbol.iterator](): Iterator<T> {
    return this.heap
      .toSorted((a, b) => (goesBefore(a, b) ? -1 : 1))
      .map(({ value }) => value)
      .values();
  }

  private rise(item: Item<T>): void {
    while (item.index > 0) {
      const above = this.heap[(item.index - 1) >> 1];
      if (!above || goesBefore(above, item)) return;
      this.swap(above, item);
    }
  }

  private sink(item: Item<T>): void {
    for (;;) {
      const left = this.heap[2 * item.index + 1];
      const right = this.heap[2 * item.index + 2];
      const first = left && right && goesBefore(right, left) ? right : left;
      if (!first || goesBefore(item, first)) return;
      this.swap(item, first);
    }
  }

  /** Swaps two items. */
  private swap(upper: Item<T>, lower: Item<T>): void {
    const index = upper.index;
    this.place(upper, lower.index);
    this.place(lower, index);
  }

  private place(item: Item<T>, index: number): void {
    this.heap[index] = item;
    item.index = index;
  }
}

function goesBefore<T>(a: Item<T>, b: Item<T>): boolean {
  return a.key === b.key ? a.order < b.order : a.key < b.key;
}

function orderable(key: number): number {
  if (Number.isNaN(key)) throw new SmartSupportError('internal', 'A key of a priority queue must be a number');
  return key;
}
