import type { Recording } from '../recorder/recording';
import { AXIS_HEIGHT, NAMES_HEIGHT, markLines, scenarioBands, timeAxis } from './bands';
import {
  type Plot,
  agentStrips,
  answerTime,
  arrivals,
  decisionTime,
  incidentStrips,
  queueDepth,
  stateStrips,
  suppressed,
  waitingLines,
} from './day-plots';
import type { Frame } from './frame';
import { GRID } from './palette';
import { linear } from './scales';
import { STRIP_STEP, type Strip, strip } from './strips';
import { drawing, element } from './svg';

/** Space between two parts. */
const GAP = 22;

/** A part of a drawing: one plot of a height, or a group of strips. */
export type Part = readonly [plot: Plot, height: number] | readonly Strip[];

/** Width of a drawing and the place of its plots. */
export interface Paper {
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

/** All plots of a day below one another, with the scenarios as bands across them. */
export function drawTimeline(recording: Recording): string {
  const parts: readonly Part[] = [
    [arrivals, 88],
    [queueDepth, 64],
    stateStrips(recording),
    [answerTime, 88],
    [decisionTime, 88],
    [suppressed, 74],
    incidentStrips(recording),
    [waitingLines, 82],
    agentStrips(recording),
  ];
  return drawParts(recording, parts, { width: 1200, left: 164, right: 1186, top: NAMES_HEIGHT + 12 });
}

/** Draws parts of a day below one another. @param above - markup above the plots */
export function drawParts(recording: Recording, parts: readonly Part[], paper: Paper, above = ''): string {
  const { width, left, right, top } = paper;
  const lengthMs = Math.max(1000, recording.lengthMs);
  const frame: Frame = { left, right, top, height: 0, time: linear([0, lengthMs], [left, right]), lengthMs };
  const drawn: string[] = [];
  const ends: number[] = [];
  let y = top;
  for (const part of parts.filter(({ length }) => length > 0)) {
    if (isPlot(part)) {
      const [plot, height] = part;
      drawn.push(plot(recording, { ...frame, top: y, height }));
      y += height + GAP;
    } else {
      part.forEach((row, index) => drawn.push(strip({ ...frame, top: y + STRIP_STEP * index }, row)));
      y += STRIP_STEP * part.length + GAP - 6;
    }
    ends.push(y - GAP / 2);
  }
  const bottom = y - GAP / 2;
  const whole = { ...frame, height: bottom - top };
  return drawing(
    width,
    bottom + AXIS_HEIGHT + 4,
    `A simulated day, seed ${recording.seed}`,
    scenarioBands(recording.scenarios, whole),
    ...ends.slice(0, -1).map((end) => element('line', { x1: 0, x2: right, y1: end, y2: end, stroke: GRID })),
    ...drawn,
    markLines(recording.marks, recording.scenarios, whole),
    timeAxis(whole),
    above,
  );
}

function isPlot(part: Part): part is readonly [Plot, number] {
  return typeof part[0] === 'function';
}
