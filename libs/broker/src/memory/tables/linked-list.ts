import { SmartSupportError } from '@smart-support/contracts';

/** An item of a {@link LinkedList}; it can be in one list at a time. */
export interface Linked<T> {
  /** The list that it is in. */
  list: object | null;
  previous: T | null;
  next: T | null;
}

/**
 * A doubly linked list without nodes of its own: adding at either end and removing from anywhere are O(1) and take no memory beyond the items.
 */
export class LinkedList<T extends Linked<T>> {
  private head: T | null = null;
  private tail: T | null = null;
  private count = 0;

  get size(): number {
    return this.count;
  }

  get first(): T | null {
    return this.head;
  }

  /** @throws SmartSupportError `internal` if the item is in a list already */
  append(item: T): void {
    this.link(item, this.tail, null);
  }

  /** Adds an item at the front. @throws SmartSupportError `internal` if it is in a list already */
  prepend(item: T): void {
    this.link(item, null, this.head);
  }

  /** @throws SmartSupportError `internal` if the item is not in this list */
  remove(item: T): void {
    if (item.list !== this) throw new SmartSupportError('internal', 'The item to be removed is not in this list');
    if (item.previous) item.previous.next = item.next;
    else this.head = item.next;
    if (item.next) item.next.previous = item.previous;
    else this.tail = item.previous;
    item.list = item.previous = item.next = null;
    this.count -= 1;
  }

  /** Every item, first to last. The present one may be removed meanwhile. */
  *[Symbol.iterator](): Generator<T, void> {
    let item = this.head;
    while (item) {
      const next: T | null = item.next;
      yield item;
      item = next;
    }
  }

  private link(item: T, previous: T | null, next: T | null): void {
    if (item.list) throw new SmartSupportError('internal', 'The item to be added is in a list already');
    item.list = this;
    item.previous = previous;
    item.next = next;
    if (previous) previous.next = item;
    else this.head = item;
    if (next) next.previous = item;
    else this.tail = item;
    this.count += 1;
  }
}
