import type { ScenarioId } from '../day/scenario';
import type { Recording } from '../recorder/recording';
import { Tally } from '../recorder/tally';

/** A value from a moment on. */
export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** A state from one moment to another. */
export interface Segment {
  readonly fromMs: number;
  readonly toMs: number;
  readonly state: string;
}

/** Kinds of arrivals that plots distinguish. */
export const ARRIVALS: readonly { readonly name: string; readonly scenarios: readonly ScenarioId[] }[] = [
  { name: 'everyday', scenarios: ['office', 'spike', 'kill'] },
  { name: 'similar tickets', scenarios: ['verbatim', 'paraphrased', 'letters'] },
  { name: 'one customer', scenarios: ['angry'] },
];

/** Tickets a second, by second, for each of {@link ARRIVALS}. A ticket that was sent again counts once. */
export function arrivalsPerSecond({ posts, lengthMs }: Recording): readonly (readonly number[])[] {
  const seconds = Math.max(1, Math.ceil(lengthMs / 1000));
  return ARRIVALS.map(({ scenarios }) => {
    const counts = new Array<number>(seconds).fill(0);
    for (const { atMs, scenario, status } of posts) {
      if (!scenarios.includes(scenario) || (status !== 200 && status !== 202)) continue;
      const second = Math.min(seconds - 1, Math.max(0, Math.floor(atMs / 1000)));
      counts[second] = (counts[second] ?? 0) + 1;
    }
    return counts;
  });
}

/** The value that so many of a hundred do not exceed. @param sorted - ascending, at least one */
export function percentile(sorted: readonly number[], hundredths: number): number {
  const index = Math.min(sorted.length - 1, Math.ceil((hundredths / 100) * sorted.length) - 1);
  return sorted[Math.max(0, index)] ?? 0;
}

/** The percentiles that are drawn. */
export const PERCENTILES = [50, 95, 99] as const;

/** Each of {@link PERCENTILES} within windows of time; a window in which nothing happened is left out. */
export function percentilesOverTime(
  values: readonly { readonly atMs: number; readonly tookMs: number }[],
  windowMs: number,
): readonly (readonly Point[])[] {
  const windows = new Map<number, number[]>();
  for (const { atMs, tookMs } of values) {
    const number = Math.floor(atMs / windowMs);
    windows.set(number, [...(windows.get(number) ?? []), tookMs]);
  }
  const inOrder = [...windows].sort(([a], [b]) => a - b);
  return PERCENTILES.map((hundredths) =>
    inOrder.map(([number, found]) => ({
      atMs: (number + 0.5) * windowMs,
      value: percentile(
        found.toSorted((a, b) => a - b),
        hundredths,
      ),
    })),
  );
}

/** How many tickets stand somewhere over time, from the changes in the logs; one point for each change of the number. */
export function countOverTime({ changes }: Pick<Recording, 'changes'>, status: string): readonly Point[] {
  const tally = new Tally();
  const points: Point[] = [{ atMs: 0, value: 0 }];
  for (const change of changes) {
    tally.take(change);
    const value = tally.count(status);
    if (value !== points.at(-1)?.value) points.push({ atMs: Math.max(0, change.atMs), value });
  }
  return points;
}

/** Samples over time as stretches of one state each. */
export function segmentsOf<S extends { readonly atMs: number }>(
  samples: readonly S[],
  lengthMs: number,
  stateOf: (sample: S) => string,
): readonly Segment[] {
  const segments: { fromMs: number; toMs: number; state: string }[] = [];
  for (const sample of samples) {
    const [state, last] = [stateOf(sample), segments.at(-1)];
    if (last) last.toMs = sample.atMs;
    if (last?.state !== state) segments.push({ fromMs: last ? sample.atMs : 0, toMs: sample.atMs, state });
  }
  const last = segments.at(-1);
  if (last) last.toMs = Math.max(last.toMs, lengthMs);
  return segments;
}
