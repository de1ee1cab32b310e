import type { BrokerObserver, StatusChange, TicketStatus } from '@smart-support/contracts';
import { CATEGORIES, type Category } from '@smart-support/contracts';

/** Emits the status changes that commands of this process cause. */
export class StatusEvents {
  constructor(private readonly observer: BrokerObserver) {}

  /** A ticket has reached a status. */
  emit({ id, category, urgency_score, status, assigned_agent }: StatusChange): void {
    this.observer.status?.({ id, category, urgency_score, status, assigned_agent });
  }

  /** Tickets of which only the id is known have reached a status, before they were understood. */
  emitForIds(ids: readonly string[], status: TicketStatus): void {
    for (const id of ids) this.emit({ id, category: null, urgency_score: null, status, assigned_agent: null });
  }

  /** Tickets that were first in line got a slot: id, category, urgency, agent, ... */
  emitServed(served: readonly string[]): void {
    for (let index = 0; index + 3 < served.length; index += 4) {
      const [id = '', category = '', urgency = '', agent = ''] = served.slice(index, index + 4);
      this.emit({
        id,
        category: CATEGORIES.includes(category as Category) ? (category as Category) : null,
        urgency_score: urgency === '' ? null : Number(urgency),
        status: 'assigned',
        assigned_agent: agent,
      });
    }
  }

  /** Dead letters were dropped to make space. */
  emitDeadLettersLost(ids: readonly string[]): void {
    for (const id of ids) this.observer.deadLetterLost?.(id);
  }
}
