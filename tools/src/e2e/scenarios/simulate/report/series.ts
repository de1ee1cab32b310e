import { quantile } from '../../../../bench/statistics';
import type { ScenarioId } from '../day/scenario';
import type { Recording, Sample } from '../recorder/recording';
import type { Point } from './plots';

/** A state from one moment to another. */
export interface Segment {
  readonly fromMs: number;
  readonly toMs: number;
  readonly state: string;
}

/** Accepted tickets of some scenarios in each second of the day. */
export function arrivalsPerSecond({ posts, lengthMs }: Recording, scenarios: readonly ScenarioId[]): readonly number[] {
  const counts = new Array<number>(Math.max(1, Math.ceil(lengthMs / 1000))).fill(0);
  for (const { atMs, scenario, status } of posts) {
    if (!scenarios.includes(scenario) || (status !== 200 && status !== 202)) continue;
    const second = Math.min(counts.length - 1, Math.max(0, Math.floor(atMs / 1000)));
    counts[second] = (counts[second] ?? 0) + 1;
  }
  return counts;
}

/** A quantile of times within windows of time; a window without any is left out. @param share - in [0, 1] */
export function quantileOverTime(
  times: readonly { readonly atMs: number; readonly tookMs: number }[],
  windowMs: number,
  share: number,
): readonly Point[] {
  const windows = new Map<number, number[]>();
  for (const { atMs, tookMs } of times) {
    const number = Math.floor(atMs / windowMs);
    windows.set(number, [...(windows.get(number) ?? []), tookMs]);
  }
  return [...windows]
    .sort(([a], [b]) => a - b)
    .map(([number, found]) => ({ atMs: (number + 0.5) * windowMs, value: quantile(found, share) }));
}

/** Samples over time as stretches of one state each. */
export function segmentsOf(
  samples: readonly Sample[],
  lengthMs: number,
  stateOf: (sample: Sample) => string,
): readonly Segment[] {
  const states = samples.map(stateOf);
  const starts = [...states.keys()].filter((index) => states[index] !== states[index - 1]);
  return starts.map((start, index) => {
    const next = samples[starts[index + 1] ?? -1];
    const fromMs = index === 0 ? 0 : (samples[start]?.atMs ?? 0);
    const toMs = next?.atMs ?? Math.max(lengthMs, samples.at(-1)?.atMs ?? 0);
    return { fromMs, toMs, state: states[start] ?? '' };
  });
}
