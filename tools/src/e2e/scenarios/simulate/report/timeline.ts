import type { Recording } from '../recorder/recording';
import { AXIS_HEIGHT, type Field, NAMES_HEIGHT, scenarioBands, markLines, rule, timeAxis } from './bands';
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
import { linear } from './scales';
import { STRIP_STEP, type Strip, strip } from './strips';
import { drawing } from './svg';

/** Width of the drawing, where plots begin, and the space between them. */
const WIDTH = 1200;
const LEFT = 164;
const RIGHT = WIDTH - 14;
const GAP = 22;

/** A part of the drawing: either one plot, or rows. */
type Part = { readonly height: number; readonly plot: Plot } | { readonly strips: readonly Strip[] };

/** The whole day: all plots under one another, with the scenarios as bands across all of them. */
export function drawTimeline(recording: Recording): string {
  const parts: readonly Part[] = [
    { height: 88, plot: arrivals },
    { height: 64, plot: queueDepth },
    { strips: stateStrips(recording) },
    { height: 88, plot: answerTime },
    { height: 88, plot: decisionTime },
    { height: 74, plot: suppressed },
    { strips: incidentStrips(recording) },
    { height: 82, plot: waitingLines },
    { strips: agentStrips(recording) },
  ];
  return drawParts(recording, parts, { width: WIDTH, left: LEFT, right: RIGHT, top: NAMES_HEIGHT + 12 });
}

/** How wide a drawing is, and where its plots lie. */
export interface Paper {
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

/** Draws parts of a day under one another. @param above - what stands over the plots */
export function drawParts(recording: Recording, parts: readonly Part[], paper: Paper, above = ''): string {
  const { left, right, top } = paper;
  const lengthMs = Math.max(1000, recording.lengthMs);
  const time = linear([0, lengthMs], [left, right]);
  const drawn: string[] = [];
  let y = top;
  const lines: number[] = [];
  for (const part of parts.filter((each) => !('strips' in each) || each.strips.length > 0)) {
    const frame: Frame = { left, right, top: y, height: 'plot' in part ? part.height : 0, time };
    if ('plot' in part) {
      drawn.push(part.plot(recording, frame));
      y += part.height + GAP;
    } else {
      part.strips.forEach((row, index) => drawn.push(strip({ ...frame, top: y + STRIP_STEP * index }, row)));
      y += STRIP_STEP * part.strips.length + GAP - 6;
    }
    lines.push(y - GAP / 2);
  }
  const bottom = y - GAP / 2;
  const field: Field = { left, right, top, bottom, time, lengthMs };
  return drawing(
    paper.width,
    bottom + AXIS_HEIGHT + 4,
    `A simulated day, seed ${recording.seed}`,
    scenarioBands(recording.scenarios, field),
    ...lines.slice(0, -1).map((line) => rule(field, line)),
    ...drawn,
    markLines(recording.marks, recording.scenarios, field),
    timeAxis(field, bottom),
    above,
  );
}
