import { SmartSupportError } from '@smart-support/contracts';

/** What an item needs to stand in a {@link LinkedList}; it can stand in one list at a time. */
export interface Linked<T> {
  /** The list it stands in. */
  list: object | null;
  previous: T | null;
  next: T | null;
}

/**
 * Items in order, each linked to its neighbours: adding at either end and removing from anywhere take the same short time
 * however long the list, and cost no memory beyond the items.
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

  /** @throws SmartSupportError `internal` if the item stands in a list already */
  append(item: T): void {
    this.link(item, this.tail, null);
  }

  /** Puts an item before all others. @throws SmartSupportError `internal` if it stands in a list already */
  prepend(item: T): void {
    this.link(item, null, this.head);
  }

  /** @throws SmartSupportError `internal` if the item does not stand in this list */
  remove(item: T): void {
    if (item.list !== this) throw new SmartSupportError('internal', 'An item was to leave a list that it is not in');
    if (item.previous) item.previous.next = item.next;
    else this.head = item.next;
    if (item.next) item.next.previous = item.previous;
    else this.tail = item.previous;
    item.list = item.previous = item.next = null;
    this.count -= 1;
  }

  /** Every item, first to last. The one just handed out may be removed meanwhile. */
  *[Symbol.iterator](): Generator<T, void> {
    let item = this.head;
    while (item) {
      const next: T | null = item.next;
      yield item;
      item = next;
    }
  }

  private link(item: T, previous: T | null, next: T | null): void {
    if (item.list) throw new SmartSupportError('internal', 'An item was to enter a second list');
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
