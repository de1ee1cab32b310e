import { type Frame, type Key, heading, valueAxis } from './frame';
import { decades, linear, logarithmic, roundTicks } from './scales';
import { element, short } from './svg';

/** What stands left of a plot. */
export interface PlotNames {
  readonly name: string;
  readonly unit: string;
}

/** Amounts of one kind, one for each moment of their plot. */
export interface Layer extends Key {
  readonly values: readonly number[];
}

/** A value at a moment. */
export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** A series with its name and colour. */
export interface Line extends Key {
  readonly points: readonly Point[];
}

/** Amounts that last from one moment to the next, each layer a filled area on top of those before it. */
export function stackedAreas(
  frame: Frame,
  { name, unit }: PlotNames,
  layers: readonly Layer[],
  moments: readonly number[],
): string {
  const changes = [...moments.keys()].filter((at) => layers.some(({ values }) => values[at] !== values[at - 1]));
  let sums = changes.map(() => 0);
  const edges = [
    sums,
    ...layers.map(({ values }) => (sums = sums.map((sum, row) => sum + (values[changes[row] ?? 0] ?? 0)))),
  ];
  const ticks = roundTicks(Math.max(0, ...sums), 3);
  const scale = linear([0, ticks.at(-1) ?? 1], [frame.top + frame.height, frame.top]);
  const corners = (heights: readonly number[] = []): string[] =>
    heights.flatMap((height, row) => {
      const from = moments[changes[row] ?? 0] ?? 0;
      const to = moments[changes[row + 1] ?? -1] ?? Math.max(from, frame.lengthMs);
      return [from, to].map((at) => `${short(frame.time(at))} ${short(scale(height))}`);
    });
  const areas = layers.map(({ colour }, index) => {
    const outline = [...corners(edges[index + 1]), ...corners(edges[index]).reverse()];
    return outline.length === 0
      ? ''
      : element('path', { d: `M${outline.join('L')}Z`, fill: colour, 'fill-opacity': 0.8 });
  });
  return heading(frame, name, unit, layers.length > 1 ? layers : []) + valueAxis(frame, ticks, scale) + areas.join('');
}

/** Times on a logarithmic axis. @param gapMs - points further apart are not connected */
export function logLines(frame: Frame, { name, unit }: PlotNames, lines: readonly Line[], gapMs: number): string {
  const ticks = decades(Math.max(0, ...lines.flatMap(({ points }) => points.map(({ value }) => value))));
  const { top, height, time } = frame;
  const scale = logarithmic([1, ticks.at(-1) ?? 10], [top + height, top]);
  const paths = lines.map(({ points, colour }) => {
    const d = points.map(({ atMs, value }, index) => {
      const before = points[index - 1];
      const isNew = before === undefined || atMs - before.atMs > gapMs;
      // A point by itself would be invisible as a line.
      return `${isNew ? 'M' : 'L'}${short(time(atMs))} ${short(scale(value))}${isNew ? 'h0.01' : ''}`;
    });
    return element('path', {
      ...{ d: d.join(''), fill: 'none', stroke: colour, 'stroke-width': 1.6 },
      ...{ 'stroke-linejoin': 'round', 'stroke-linecap': 'round' },
    });
  });
  const named = (tick: number): string => (tick >= 1000 ? `${tick / 1000} s` : `${tick} ms`);
  return heading(frame, name, unit, lines) + valueAxis(frame, ticks, scale, named) + paths.reverse().join('');
}
