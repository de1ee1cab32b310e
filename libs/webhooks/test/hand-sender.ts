import type { OutboxEntry } from '@smart-support/contracts';
import type { DeliveryOutcome, WebhookSender } from '../src';

/** What most tries end with. */
export const DELIVERED: DeliveryOutcome = { outcome: 'delivered', status: 200 };
/** A receiver that is broken. */
export const BROKEN: DeliveryOutcome = { outcome: 'failed', reason: 'status', message: 'The receiver answered 500.' };
/** A receiver that wants no more. */
export const GONE: DeliveryOutcome = { outcome: 'gone' };

/** A sender without a network. Answers at once with `answer`, or, while that is missing, when the test says so. */
export class HandSender implements WebhookSender {
  readonly timeoutMs = 10_000;
  answer: ((entry: OutboxEntry) => DeliveryOutcome) | undefined;
  /** The ids of all tries in order. */
  readonly tried: string[] = [];
  private readonly open = new Map<string, (outcome: DeliveryOutcome) => void>();

  /** @param outcome - what every try ends with at once; without it tries stay pending until the test ends them */
  constructor(outcome?: DeliveryOutcome) {
    if (outcome) this.answer = () => outcome;
  }

  /** Tries on their way. */
  get onTheWay(): number {
    return this.open.size;
  }

  send(entry: OutboxEntry): Promise<DeliveryOutcome> {
    this.tried.push(entry.id);
    if (this.answer) return Promise.resolve(this.answer(entry));
    return new Promise((resolve) => this.open.set(entry.id, resolve));
  }

  /** Ends a pending try. */
  end(id: string, outcome: DeliveryOutcome = DELIVERED): void {
    this.open.get(id)?.(outcome);
    this.open.delete(id);
  }

  /** Ends all pending tries. */
  endAll(outcome: DeliveryOutcome = DELIVERED): void {
    for (const id of [...this.open.keys()]) this.end(id, outcome);
  }

  close(): void {
    this.open.clear();
  }
}
