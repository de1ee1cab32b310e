import { verdictOf } from '../../../audit/finding';
import type { Recording } from '../recorder/recording';
import { NAMES_HEIGHT } from './bands';
import { answerTime, arrivals, incidentStrips, stateStrips, suppressed } from './day-plots';
import { INK, MUTED } from './palette';
import { label } from './svg';
import { type Part, drawParts } from './timeline';

/** A small picture of the day, with a title. */
export function drawPicture(recording: Recording): string {
  const { seed, findings, numbers, lengthMs } = recording;
  const subtitle = `${numbers['tickets sent'] ?? 0} tickets in ${Math.round(lengthMs / 1000)} s, seed ${seed}: ${verdictOf(findings)}`;
  const title =
    label('A bad day, simulated', 4, 20, { 'font-size': 16, 'font-weight': 700, fill: INK }) +
    label(subtitle, 4, 37, { 'font-size': 11.5, fill: MUTED });
  const parts: readonly Part[] = [
    [arrivals, 84],
    [suppressed, 64],
    incidentStrips(recording),
    [answerTime, 84],
    stateStrips(recording),
  ];
  return drawParts(recording, parts, { width: 1000, left: 160, right: 988, top: 46 + NAMES_HEIGHT + 10 }, title);
}
