import { CATEGORIES, SmartSupportError, type Category } from '@smart-support/contracts';
import { waitingKey } from '../../rules/waiting-key';
import { PriorityQueue } from './priority-queue';
import type { StoredTicket } from './stored-ticket';

/** Key of tickets that nobody gets for the time being: behind all others. */
const SET_ASIDE = Infinity;

/** Understood tickets without a free agent: one line per category, each in order of the waiting key. */
export class WaitingLines {
  private readonly lines = new Map<Category, PriorityQueue<StoredTicket>>(
    CATEGORIES.map((category) => [category, new PriorityQueue()]),
  );

  constructor(private readonly waitAgeingMs: number) {}

  /** A ticket's place in line. @throws SmartSupportError `internal` if it was not understood yet */
  keyOf(stored: StoredTicket): number {
    const { urgency_score } = stored.record.ticket;
    if (urgency_score === null) throw notUnderstood(stored);
    return waitingKey(stored.receivedMs, urgency_score, this.waitAgeingMs);
  }

  /** Puts a ticket into the line of its category. */
  insert(stored: StoredTicket): void {
    this.lineOf(stored).insert(stored.id, this.keyOf(stored), stored);
  }

  /** Passes a ticket over from now on; it stays in line. */
  suspend(stored: StoredTicket): void {
    this.lineOf(stored).reprioritise(stored.id, SET_ASIDE);
  }

  /** Gives a ticket that was set aside its place again. */
  resume(stored: StoredTicket): void {
    this.lineOf(stored).reprioritise(stored.id, this.keyOf(stored));
  }

  /** The first over the lines of several categories, which stays where it is; of equals, that of the category named first. */
  peek(categories: readonly Category[]): { readonly category: Category; readonly stored: StoredTicket } | undefined {
    let best: { readonly category: Category; readonly key: number; readonly stored: StoredTicket } | undefined;
    for (const category of categories) {
      const first = this.lines.get(category)?.peek();
      if (first && first.key < (best?.key ?? SET_ASIDE)) best = { category, key: first.key, stored: first.value };
    }
    return best;
  }

  /** Takes a ticket out of the line of a category. */
  remove(category: Category, stored: StoredTicket): void {
    this.lines.get(category)?.remove(stored.id);
  }

  /** How many wait, per category. */
  sizes(): Record<Category, number> {
    const size = (category: Category): number => this.lines.get(category)?.size ?? 0;
    return { Billing: size('Billing'), Technical: size('Technical'), Legal: size('Legal') };
  }

  private lineOf(stored: StoredTicket): PriorityQueue<StoredTicket> {
    const { category } = stored.record.ticket;
    const line = category && this.lines.get(category);
    if (!line) throw notUnderstood(stored);
    return line;
  }
}

function notUnderstood(stored: StoredTicket): SmartSupportError {
  return new SmartSupportError('internal', `Ticket "${stored.id}" cannot wait for an agent before it was understood`);
}
