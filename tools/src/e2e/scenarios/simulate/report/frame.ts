import { GRID, INK, MUTED } from './palette';
import type { Scale } from './scales';
import { element, label } from './svg';

/** The place of one plot, or of all, and the common axis of time. */
export interface Frame {
  /** Left edge of the plot; names stand left of it. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly height: number;
  /** From milliseconds of the day to an x between left and right. */
  readonly time: Scale;
  /** Length of the day, in milliseconds. */
  readonly lengthMs: number;
}

/** An entry of a legend. */
export interface Key {
  readonly name: string;
  readonly colour: string;
}

/** Where names begin. */
export const NAME_X = 4;

/** Name, unit and legend of a plot, left of it. */
export function heading({ top }: Frame, name: string, unit: string, keys: readonly Key[] = []): string {
  return [
    label(name, NAME_X, top + 10, { 'font-weight': 600, fill: INK, 'font-size': 12 }),
    label(unit, NAME_X, top + 24, { fill: MUTED, 'font-size': 10 }),
    ...keys.map(({ name: key, colour }, index) => {
      const y = top + 40 + 14 * index;
      return (
        element('rect', { x: NAME_X, y: y - 8, width: 9, height: 9, rx: 2, fill: colour }) +
        label(key, NAME_X + 14, y, { fill: INK, 'font-size': 10 })
      );
    }),
  ].join('');
}

/** Lines across a plot, with their values. */
export function valueAxis(
  frame: Frame,
  ticks: readonly number[],
  scale: Scale,
  name: (tick: number) => string = String,
): string {
  const { left, right } = frame;
  return ticks
    .map((tick) => {
      const y = scale(tick);
      return (
        element('line', { x1: left, x2: right, y1: y, y2: y, stroke: GRID }) +
        label(name(tick), left - 6, y + 3.5, { 'text-anchor': 'end', fill: MUTED, 'font-size': 10 })
      );
    })
    .join('');
}
