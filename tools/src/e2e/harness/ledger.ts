/** One answer that a client got for one ticket. */
export interface Answer {
  /** Milliseconds since 1970, when it was sent. */
  readonly sentAt: number;
  readonly waitedMs: number;
  /** HTTP status, within a batch that of the ticket; 0 without an answer. */
  readonly status: number;
  /** Whether it came with others in one request, which then took the time of all of them. */
  readonly inBatch?: boolean;
  /** Why there was none, for example `ECONNREFUSED`. */
  readonly trouble?: string;
  /** In an answer of 200: where the ticket stands. */
  readonly ticketStatus?: string;
}

/** What the clients know of one ticket. */
export interface LedgerEntry {
  readonly id: string;
  readonly text: string;
  readonly answers: readonly Answer[];
}

/** How often which answer was given, and how long the longest took: by `POST /ticket`, and by a batch of up to 100. */
export interface AnswerCounts {
  /** By what was answered: `202`, `200`, `503`, `ECONNRESET`, ... */
  readonly counts: Readonly<Record<string, number>>;
  readonly longestMs: number;
  readonly longestBatchMs: number;
}

/** The answers after which a client has nothing left to do. */
const ACCEPTING = [200, 202];

/** The answers that a client may get while things break, and after which it asks again. */
const PASSING = [0, 503];

/** The clients' book: who was answered what. The only thing that a client could hold against the engine. */
export class Ledger {
  private readonly book = new Map<string, { readonly id: string; readonly text: string; readonly answers: Answer[] }>();
  private accepted = 0;

  /** Opens an entry before the first try. */
  openEntry(id: string, text: string): void {
    this.book.set(id, { id, text, answers: [] });
  }

  /** Notes an answer, or that there was none. */
  recordAnswer(id: string, answer: Answer): void {
    const entry = this.book.get(id);
    if (!entry) throw new Error(`The ledger knows no ticket "${id}"`);
    if (ACCEPTING.includes(answer.status) && !wasAccepted(entry)) this.accepted += 1;
    entry.answers.push(answer);
  }

  /** Tickets for which somebody said 202 or 200. */
  get acceptedCount(): number {
    return this.accepted;
  }

  /** Tickets that were sent at least once. */
  get size(): number {
    return this.book.size;
  }

  /** Every ticket, in the order of the first try. */
  entries(): readonly LedgerEntry[] {
    return [...this.book.values()];
  }

  /** All answers to requests that were sent within a time, `to` excluded. */
  countAnswers(from = -Infinity, to = Infinity): AnswerCounts {
    const counts: Record<string, number> = {};
    let longestMs = 0;
    let longestBatchMs = 0;
    for (const { answers } of this.book.values()) {
      for (const { sentAt, status, waitedMs, trouble, inBatch = false } of answers) {
        if (sentAt < from || sentAt >= to) continue;
        const name = status === 0 ? (trouble ?? 'no answer') : String(status);
        counts[name] = (counts[name] ?? 0) + 1;
        if (inBatch) longestBatchMs = Math.max(longestBatchMs, waitedMs);
        else longestMs = Math.max(longestMs, waitedMs);
      }
    }
    return { counts, longestMs, longestBatchMs };
  }
}

/** Whether a client was told that this ticket is taken care of. */
export function wasAccepted({ answers }: LedgerEntry): boolean {
  return answers.some(({ status }) => ACCEPTING.includes(status));
}

/** Answers that nobody should get for a ticket that is in order, whatever breaks. */
export function unexpectedAnswers({ answers }: LedgerEntry): readonly Answer[] {
  return answers.filter(({ status }) => !ACCEPTING.includes(status) && !PASSING.includes(status));
}
