import { type Frame, NAME_X } from './frame';
import { INK, MUTED } from './palette';
import type { Segment } from './series';
import { element, escaped, label } from './svg';

/** How a state looks. */
export interface Look {
  readonly fill: string;
  /** Colour of its name. */
  readonly ink: string;
}

/** A row of states over time, each named where its name fits. */
export interface Strip {
  readonly name: string;
  readonly note?: string;
  readonly segments: readonly Segment[];
  readonly lookOf: (state: string) => Look;
  /** The text of a stretch; its state by default. */
  readonly textOf?: (segment: Segment) => string;
}

/** Height of a row, and from one to the next. */
export const STRIP_HEIGHT = 16;
export const STRIP_STEP = 21;
/** About the width of a letter. */
const LETTER = 5.6;

/** Draws one strip; the height of the frame is ignored. */
export function strip({ left, top, time }: Frame, { name, note, segments, lookOf, textOf }: Strip): string {
  const boxes = segments.map((segment) => {
    const look = lookOf(segment.state);
    const x = Math.max(left, time(segment.fromMs));
    const width = Math.max(1, time(segment.toMs) - x);
    const text = textOf ? textOf(segment) : segment.state;
    const box = element(
      'rect',
      { x, y: top, width, height: STRIP_HEIGHT, rx: 2, fill: look.fill },
      element('title', {}, escaped(`${name}: ${text}`)),
    );
    if (text === '' || LETTER * text.length + 8 > width) return box;
    return box + label(text, x + 5, top + 11.5, { fill: look.ink, 'font-size': 10 });
  });
  const noteX = left - 6;
  return [
    label(name, NAME_X, top + 12, { 'font-weight': 600, fill: INK, 'font-size': 11 }),
    note === undefined ? '' : label(note, noteX, top + 12, { fill: MUTED, 'font-size': 10, 'text-anchor': 'end' }),
    ...boxes,
  ].join('');
}
