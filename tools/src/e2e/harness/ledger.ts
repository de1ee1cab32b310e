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

/** The answers for one ticket. */
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

/** Records what clients were answered for every ticket. */
export class Ledger {
  private readonly records = new Map<
    string,
    { readonly id: string; readonly text: string; readonly answers: Answer[] }
  >();
  private accepted = 0;

  /** Opens an entry before the first try. */
  openEntry(id: string, text: string): void {
    this.records.set(id, { id, text, answers: [] });
  }

  /** Notes an answer, or that there was none. */
  recordAnswer(id: string, answer: Answer): void {
    const entry = this.records.get(id);
    if (!entry) throw new Error(`The ledger has no ticket "${id}"`);
    if (ACCEPTING.includes(answer.status) && !wasAccepted(entry)) this.accepted += 1;
    entry.answers.push(answer);
  }

  /** Tickets that were answered 202 or 200. */
  get acceptedCount(): number {
    return this.accepted;
  }

  /** Tickets that were sent at least once. */
  get size(): number {
    return this.records.size;
  }

  /** Every ticket, in the order of the first try. */
  entries(): readonly LedgerEntry[] {
    return [...this.records.values()];
  }

  /** All answers to requests that were sent within a time, `to` excluded. */
  countAnswers(from = -Infinity, to = Infinity): AnswerCounts {
    const counts: Record<string, number> = {};
    let longestMs = 0;
    let longestBatchMs = 0;
    for (const { answers } of this.records.values()) {
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

/** Whether the ticket was answered 202 or 200. */
export function wasAccepted({ answers }: LedgerEntry): boolean {
  return answers.some(({ status }) => ACCEPTING.includes(status));
}

/** Answers that no valid ticket may get, whatever breaks. */
export function unexpectedAnswers({ answers }: LedgerEntry): readonly Answer[] {
  return answers.filter(({ status }) => !ACCEPTING.includes(status) && !PASSING.includes(status));
}
