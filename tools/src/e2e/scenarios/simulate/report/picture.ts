import { allPass } from '../../../audit/finding';
import type { Recording } from '../recorder/recording';
import { NAMES_HEIGHT } from './bands';
import { answerTime, arrivals, incidentStrips, stateStrips, suppressed } from './day-plots';
import { INK, MUTED } from './palette';
import { label } from './svg';
import { drawParts } from './timeline';

const WIDTH = 1000;
const TITLE_HEIGHT = 46;

/** A small picture of the day. */
export function drawPicture(recording: Recording): string {
  const { seed, findings, numbers, lengthMs } = recording;
  const judged = findings.filter(({ verdict }) => verdict !== 'info');
  const failed = judged.filter(({ verdict }) => verdict === 'fail').length;
  const verdict = allPass(findings)
    ? `all ${judged.length} invariants hold`
    : `${failed} of ${judged.length} invariants fail`;
  const subtitle = `${numbers['tickets sent'] ?? 0} tickets in ${Math.round(lengthMs / 1000)} s, seed ${seed}: ${verdict}`;
  const above =
    label('A bad day, simulated', 4, 20, { 'font-size': 16, 'font-weight': 700, fill: INK }) +
    label(subtitle, 4, 37, { 'font-size': 11.5, fill: MUTED });
  return drawParts(
    recording,
    [
      { height: 84, plot: arrivals },
      { height: 64, plot: suppressed },
      { strips: incidentStrips(recording) },
      { height: 84, plot: answerTime },
      { strips: stateStrips(recording) },
    ],
    { width: WIDTH, left: 160, right: WIDTH - 12, top: TITLE_HEIGHT + NAMES_HEIGHT + 10 },
    above,
  );
}
