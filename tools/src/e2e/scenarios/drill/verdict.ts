import type { ExplanationReport, Ticket } from '@smart-support/contracts';
import type { HttpAnswer } from '../../harness/http-client';
import type { PhaseRecord } from './phases';

/** A long wait, and whether the design allows it. */
export interface LongWait {
  readonly waitedMs: number;
  /** When the run began in its thread, in milliseconds since 1970; `null` if the model did not answer. */
  readonly runBeganAt: number | null;
  /** Whether the run had begun when the breaker opened, or the breaker had not been open at all. */
  readonly excused: boolean;
}

/** What a phase showed. */
export interface PhaseVerdict {
  readonly name: string;
  readonly tickets: number;
  /** Requests without a proper answer. */
  readonly failed: number;
  readonly byModel: number;
  readonly byBaseline: number;
  /** Waits of over half a second. */
  readonly longWaits: readonly LongWait[];
  /** Breaker events, in seconds since the phase began. */
  readonly changes: readonly { readonly seconds: number; readonly to: string; readonly model: string }[];
  /** Seconds since the phase began. */
  readonly slowedAt: number;
  readonly healedAt: number;
}

/** No ticket should wait longer, in milliseconds. */
const LONG_MS = 500;

/** The log's clock and ours are the same, but rounded to milliseconds and read at different moments. */
const CLOCK_TOLERANCE_MS = 20;

/** Judges a phase; reads the explanation of every ticket that waited long. */
export async function judge(
  record: PhaseRecord,
  explain: (ticket: Ticket) => Promise<ExplanationReport>,
): Promise<PhaseVerdict> {
  const seconds = (at: number): number => Math.round(at - record.beganAt) / 1000;
  const answered = record.answers.flatMap((answer) => ticketIn(answer) ?? []);
  const longWaits: LongWait[] = [];
  for (const answer of record.answers) {
    const { waitedMs, sentAt } = answer;
    const ticket = ticketIn(answer);
    if (waitedMs <= LONG_MS || !ticket) continue;
    const [use] = (await explain(ticket)).models;
    const runBeganAt = use?.run ? sentAt + use.run.timings.queue_ms : null;
    const opened = record.changes.find(({ to }) => to === 'opened');
    longWaits.push({
      waitedMs: Math.round(waitedMs),
      runBeganAt,
      excused: runBeganAt !== null && (!opened || runBeganAt <= opened.at + CLOCK_TOLERANCE_MS),
    });
  }
  return {
    name: record.name,
    tickets: record.answers.length,
    failed: record.answers.length - answered.length,
    byModel: answered.filter(({ degraded }) => !degraded).length,
    byBaseline: answered.filter(({ degraded }) => degraded).length,
    longWaits,
    changes: record.changes.map(({ at, to, model }) => ({ seconds: seconds(at), to, model })),
    slowedAt: seconds(record.slowedAt),
    healedAt: seconds(record.healedAt),
  };
}

/** Whether a phase went as promised: no ticket refused, the breaker opened and closed, and only runs under way made a ticket wait. */
export function passed({ failed, longWaits, changes }: PhaseVerdict): boolean {
  const [first, last] = [changes.at(0), changes.at(-1)];
  return failed === 0 && first?.to === 'opened' && last?.to === 'closed' && longWaits.every(({ excused }) => excused);
}

/** A verdict as a few lines of text. */
export function renderVerdict(verdict: PhaseVerdict): string {
  const { name, tickets, failed, byModel, byBaseline, longWaits, changes, slowedAt, healedAt } = verdict;
  const unexcused = longWaits.filter(({ excused }) => !excused).length;
  return [
    `${name}: ${passed(verdict) ? 'as promised' : 'NOT AS PROMISED'}`,
    `  ${tickets} tickets, ${failed} without a proper answer; ${byModel} answered by the model, ${byBaseline} by the baseline`,
    `  slowed at ${slowedAt.toFixed(1)} s, healed at ${healedAt.toFixed(1)} s`,
    ...changes.map(({ seconds, to, model }) => `  ${seconds.toFixed(3)} s  breaker of ${model} ${to}`),
    `  waited over ${LONG_MS} ms: ${longWaits.length} (${longWaits.map(({ waitedMs }) => `${waitedMs} ms`).join(', ') || 'none'}), ` +
      `of them not in a run that was under way when the breaker opened: ${unexcused}`,
  ].join('\n');
}

/** The ticket in a proper answer. */
function ticketIn({ status, body }: HttpAnswer): Ticket | undefined {
  return status >= 200 && status < 300 ? (body as Ticket) : undefined;
}
