import type { ExplanationReport, Ticket } from '@smart-support/contracts';
import type { ActRecord } from './phases';

/** A user who waited long, and whether that is within what was promised. */
export interface LongWait {
  readonly waitedMs: number;
  /** When the run began in its thread, in milliseconds since 1970; `null` if the model did not answer. */
  readonly runBeganAt: number | null;
  /** Whether the run had begun when the breaker opened, or the breaker had not been open at all. */
  readonly excused: boolean;
}

/** What an act showed. */
export interface ActVerdict {
  readonly name: string;
  readonly tickets: number;
  /** Requests without a proper answer. */
  readonly failed: number;
  readonly byModel: number;
  readonly byBaseline: number;
  /** Users who waited over half a second. */
  readonly longWaits: readonly LongWait[];
  /** Breaker events, in seconds since the act began. */
  readonly turns: readonly { readonly seconds: number; readonly to: string; readonly model: string }[];
  /** Seconds since the act began. */
  readonly slowedAt: number;
  readonly healedAt: number;
}

/** A user should not wait longer, in milliseconds. */
const LONG_MS = 500;

/** The log's clock and ours are the same, but rounded to milliseconds and read at different moments. */
const CLOCK_TOLERANCE_MS = 20;

/** Judges an act; looks at the explanation of every ticket whose sender waited long. */
export async function judge(
  record: ActRecord,
  explain: (ticket: Ticket) => Promise<ExplanationReport>,
): Promise<ActVerdict> {
  const seconds = (at: number): number => Math.round(at - record.beganAt) / 1000;
  const answered = record.visits.flatMap(({ ticket }) => ticket ?? []);
  const longWaits: LongWait[] = [];
  for (const { ticket, waitedMs, sentAt } of record.visits) {
    if (waitedMs <= LONG_MS || !ticket) continue;
    const [use] = (await explain(ticket)).models;
    const runBeganAt = use?.run ? sentAt + use.run.timings.queue_ms : null;
    const opened = record.turns.find(({ to }) => to === 'opened');
    longWaits.push({
      waitedMs: Math.round(waitedMs),
      runBeganAt,
      excused: runBeganAt !== null && (!opened || runBeganAt <= opened.at + CLOCK_TOLERANCE_MS),
    });
  }
  return {
    name: record.name,
    tickets: record.visits.length,
    failed: record.visits.length - answered.length,
    byModel: answered.filter(({ degraded }) => !degraded).length,
    byBaseline: answered.filter(({ degraded }) => degraded).length,
    longWaits,
    turns: record.turns.map(({ at, to, model }) => ({ seconds: seconds(at), to, model })),
    slowedAt: seconds(record.slowedAt),
    healedAt: seconds(record.healedAt),
  };
}

/** Whether an act went as promised: nobody turned away, opened and closed, and only runs under way made anybody wait. */
export function passed({ failed, longWaits, turns }: ActVerdict): boolean {
  const [first, last] = [turns.at(0), turns.at(-1)];
  return failed === 0 && first?.to === 'opened' && last?.to === 'closed' && longWaits.every(({ excused }) => excused);
}

/** A verdict as a few lines of text. */
export function renderVerdict(verdict: ActVerdict): string {
  const { name, tickets, failed, byModel, byBaseline, longWaits, turns, slowedAt, healedAt } = verdict;
  const unexcused = longWaits.filter(({ excused }) => !excused).length;
  return [
    `${name}: ${passed(verdict) ? 'as promised' : 'NOT AS PROMISED'}`,
    `  ${tickets} tickets, ${failed} without a proper answer; ${byModel} answered by the model, ${byBaseline} by the baseline`,
    `  slowed at ${slowedAt.toFixed(1)} s, healed at ${healedAt.toFixed(1)} s`,
    ...turns.map(({ seconds, to, model }) => `  ${seconds.toFixed(3)} s  breaker of ${model} ${to}`),
    `  waited over ${LONG_MS} ms: ${longWaits.length} (${longWaits.map(({ waitedMs }) => `${waitedMs} ms`).join(', ') || 'nobody'}), ` +
      `of them not in a run that was under way when the breaker opened: ${unexcused}`,
  ].join('\n');
}
