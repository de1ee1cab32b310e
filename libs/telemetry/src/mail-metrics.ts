import { Counter, type Registry } from 'prom-client';
import { labelOf } from './bounded-label';

/** What becomes of a mail: a ticket, a note on one, marked as taken and nothing else because too many automatic ones came, or refused by the gateway for good. */
export const MAIL_OUTCOMES = ['ticket', 'note', 'automatic', 'refused'] as const;

/** One of `MAIL_OUTCOMES`. */
export type MailOutcome = (typeof MAIL_OUTCOMES)[number];

/** Metrics of the mails that this process takes from a folder. */
export class MailMetrics {
  private readonly mails: Counter<'outcome'>;
  private readonly outcomeLabel = labelOf(MAIL_OUTCOMES);

  /** Adds the metrics to a registry. */
  constructor(registry: Registry) {
    this.mails = new Counter({
      name: 'smart_support_mails_total',
      help: 'Mails taken from the folder, by what became of them.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of MAIL_OUTCOMES) this.mails.inc({ outcome }, 0);
  }

  /** Counts what became of a mail. */
  countMail(outcome: MailOutcome): void {
    this.mails.inc({ outcome: this.outcomeLabel(outcome) });
  }
}
