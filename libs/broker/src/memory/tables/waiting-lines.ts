import { CATEGORIES, SmartSupportError, type Category } from '@smart-support/contracts';
import { waitingKey } from '../../rules/decisions';
import { PriorityQueue } from './priority-queue';
import type { StoredTicket } from './stored-ticket';

/** Key of suspended tickets: after all others. */
const SUSPENDED = Infinity;

/** Decided tickets without a free agent: one line per category, ordered by the waiting key. */
export class WaitingLines {
  private readonly lines = new Map<Category, PriorityQueue<StoredTicket>>(
    CATEGORIES.map((category) => [category, new PriorityQueue()]),
  );

  constructor(private readonly waitAgeingMs: number) {}

  /** The waiting key of a ticket. @throws SmartSupportError `internal` if it is undecided */
  keyOf(stored: StoredTicket): number {
    const { urgency_score } = stored.record.ticket;
    if (urgency_score === null) throw undecided(stored);
    return waitingKey(stored.receivedMs, urgency_score, this.waitAgeingMs);
  }

  /** Adds a ticket to the line of its category. */
  insert(stored: StoredTicket): void {
    this.lineOf(stored).insert(stored.id, this.keyOf(stored), stored);
  }

  /** Skips a ticket from now on; it stays in line. */
  suspend(stored: StoredTicket): void {
    this.lineOf(stored).reprioritise(stored.id, SUSPENDED);
  }

  /** Ends the suspension of a ticket. */
  resume(stored: StoredTicket): void {
    this.lineOf(stored).reprioritise(stored.id, this.keyOf(stored));
  }

  /** The first ticket over the lines of several categories, without removing it; among equals, that of the category named first. */
  peek(categories: readonly Category[]): { readonly category: Category; readonly stored: StoredTicket } | undefined {
    let best: { readonly category: Category; readonly key: number; readonly stored: StoredTicket } | undefined;
    for (const category of categories) {
      const first = this.lines.get(category)?.peek();
      if (first && first.key < (best?.key ?? SUSPENDED)) best = { category, key: first.key, stored: first.value };
    }
    return best;
  }

  /** Removes a ticket from the line of a category. */
  remove(category: Category, stored: StoredTicket): void {
    this.lines.get(category)?.remove(stored.id);
  }

  /** Number of waiting tickets by category. */
  sizes(): Record<Category, number> {
    const size = (category: Category): number => this.lines.get(category)?.size ?? 0;
    return { Billing: size('Billing'), Technical: size('Technical'), Legal: size('Legal') };
  }

  private lineOf(stored: StoredTicket): PriorityQueue<StoredTicket> {
    const { category } = stored.record.ticket;
    const line = category && this.lines.get(category);
    if (!line) throw undecided(stored);
    return line;
  }
}

function undecided(stored: StoredTicket): SmartSupportError {
  return new SmartSupportError('internal', `Ticket "${stored.id}" cannot wait for an agent before it is decided`);
}
