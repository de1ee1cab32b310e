import { type AcceptResult, MAX_BATCH_TICKETS, type NewTicket, SmartSupportError } from '@smart-support/contracts';

interface Waiting {
  readonly offer: NewTicket;
  readonly resolve: (result: AcceptResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Tickets that are offered at the same moment go to the queue in one command: under load, one round trip carries many.
 * Never more than a batch's worth, so that one error speaks of one command: of two, the first may have been carried out.
 */
export class AcceptTogether {
  private waiting: Waiting[] = [];

  /** @param acceptAll - offers several tickets in one command; one result each, in order */
  constructor(private readonly acceptAll: (offers: readonly NewTicket[]) => Promise<readonly AcceptResult[]>) {}

  /** Offers one ticket. */
  accept(offer: NewTicket): Promise<AcceptResult> {
    return new Promise((resolve, reject) => {
      // After everything else that the present turn of the event loop has to say.
      if (this.waiting.length === 0) process.nextTick(() => this.flush());
      this.waiting.push({ offer, resolve, reject });
    });
  }

  private flush(): void {
    const { waiting } = this;
    this.waiting = [];
    for (let start = 0; start < waiting.length; start += MAX_BATCH_TICKETS) {
      void this.send(waiting.slice(start, start + MAX_BATCH_TICKETS));
    }
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.acceptAll(batch.map(({ offer }) => offer));
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result) resolve(result);
        else reject(new SmartSupportError('internal', 'The queue gave no answer for an offered ticket.'));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
