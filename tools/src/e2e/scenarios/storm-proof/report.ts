import { sum } from '../../../train/metrics';
import { table } from '../../../train/report/markdown';
import type { PartResult } from './run-outcome';

/** Faults of one run that are printed; all of them are in the evidence. */
const SHOWN_FAULTS = 4;
const SHOWN_RUNS = 12;

/** The results of all parts, as a table. */
export function renderResults(results: readonly PartResult[]): string {
  const head = [
    'what',
    'runs',
    'hold',
    'runs that lost a worker',
    'tickets in flight in it',
    'tickets reclaimed by a sweep',
    'commits refused because an incident had changed',
    'suppressed tickets released',
    'similar tickets after a rejection',
    'seconds',
  ];
  const rows = results.map(({ what, outcomes, requeued, released, seconds }) => [
    what,
    outcomes.length,
    outcomes.filter(({ faults }) => faults.length === 0).length,
    outcomes.filter(({ lostWorker }) => lostWorker).length,
    sum(outcomes.map(({ lostTickets }) => lostTickets)),
    requeued,
    sum(outcomes.map(({ changed }) => changed)),
    released,
    sum(outcomes.map(({ late }) => late)),
    seconds.toFixed(1),
  ]);
  return table(head, rows);
}

/** The faults of the failed runs. */
export function renderFaults(results: readonly PartResult[]): string {
  const failed = results.flatMap(({ what, outcomes }) =>
    outcomes.flatMap((outcome) => (outcome.faults.length > 0 ? [{ what, ...outcome }] : [])),
  );
  const shown = failed.slice(0, SHOWN_RUNS).map(({ what, seed, prefix, faults }) => {
    const more = faults.length - SHOWN_FAULTS;
    const lines = [...faults.slice(0, SHOWN_FAULTS), ...(more > 0 ? [`and ${more} more`] : [])];
    return [`${what}, seed ${seed} (${prefix}):`, ...lines.map((line) => `  ${line}`)].join('\n');
  });
  const left = failed.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more runs`] : [])].join('\n');
}
