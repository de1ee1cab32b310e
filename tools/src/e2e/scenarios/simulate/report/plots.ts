import { type Frame, type Key, heading, valueAxis } from './frame';
import { decades, linear, logarithmic, roundTicks } from './scales';
import type { Point } from './series';
import { element, short } from './svg';

/** A series with its name and colour. */
export interface Line extends Key {
  readonly points: readonly Point[];
}

/** What stands left of a plot. */
export interface PlotNames {
  readonly name: string;
  readonly unit: string;
}

/** Numbers for each second, one kind on top of the other. */
export function stackedBars(
  frame: Frame,
  { name, unit }: PlotNames,
  kinds: readonly (Key & { readonly perSecond: readonly number[] })[],
): string {
  const seconds = Math.max(0, ...kinds.map(({ perSecond }) => perSecond.length));
  const heights = new Array<number>(seconds).fill(0);
  const highest = Math.max(0, ...heights.map((_, second) => sumAt(kinds, second)));
  const { scale, axis } = upFromZero(frame, highest);
  const bars = kinds.map(({ perSecond, colour }) => {
    const path = perSecond.map((count, second) => {
      const base = heights[second] ?? 0;
      heights[second] = base + count;
      if (count === 0) return '';
      const [x1, x2] = [frame.time(1000 * second), frame.time(1000 * (second + 1))];
      const [y1, y2] = [scale(base), scale(base + count)];
      return `M${short(x1)} ${short(y1)}V${short(y2)}H${short(Math.max(x1, x2 - 1))}V${short(y1)}Z`;
    });
    return element('path', { d: path.join(''), fill: colour });
  });
  return heading(frame, name, unit, kinds) + axis + bars.join('');
}

/** Counts that hold until they change, each a filled area from the sum of those below. */
export function stackedSteps(
  frame: Frame,
  { name, unit }: PlotNames,
  lines: readonly Line[],
  lengthMs: number,
): string {
  // Every moment at which any of them changes.
  const moments = [...new Set(lines.flatMap(({ points }) => points.map(({ atMs }) => atMs)))].sort((a, b) => a - b);
  const sums = moments.map(() => 0);
  const layers = lines.map(({ points, colour }) => {
    const lower = [...sums];
    let next = 0;
    let value = 0;
    moments.forEach((moment, index) => {
      for (let point = points[next]; point && point.atMs <= moment; point = points[next]) {
        value = point.value;
        next += 1;
      }
      sums[index] = (sums[index] ?? 0) + value;
    });
    return { colour, lower, upper: [...sums] };
  });
  const { scale, axis } = upFromZero(frame, Math.max(0, ...sums));
  const edge = (values: readonly number[]): string[] =>
    moments.flatMap((moment, index) => {
      const [x, end] = [frame.time(moment), frame.time(moments[index + 1] ?? Math.max(moment, lengthMs))];
      const y = short(scale(values[index] ?? 0));
      return [`${short(x)} ${y}`, `${short(end)} ${y}`];
    });
  const areas = layers.map(({ colour, lower, upper }) => {
    if (moments.length === 0) return '';
    const d = `M${edge(upper).join('L')}L${edge(lower).reverse().join('L')}Z`;
    return element('path', { d, fill: colour, 'fill-opacity': 0.8 });
  });
  return heading(frame, name, unit, lines.length > 1 ? lines : []) + axis + areas.join('');
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
      d: d.join(''),
      fill: 'none',
      stroke: colour,
      'stroke-width': 1.6,
      'stroke-linejoin': 'round',
      'stroke-linecap': 'round',
    });
  });
  const named = (tick: number): string => (tick >= 1000 ? `${tick / 1000} s` : `${tick} ms`);
  return heading(frame, name, unit, lines) + valueAxis(frame, ticks, scale, named) + paths.reverse().join('');
}

function upFromZero(frame: Frame, highest: number) {
  const ticks = roundTicks(highest, 3);
  const scale = linear([0, ticks.at(-1) ?? 1], [frame.top + frame.height, frame.top]);
  return { scale, axis: valueAxis(frame, ticks, scale) };
}

function sumAt(kinds: readonly { readonly perSecond: readonly number[] }[], second: number): number {
  return kinds.reduce((sum, { perSecond }) => sum + (perSecond[second] ?? 0), 0);
}
