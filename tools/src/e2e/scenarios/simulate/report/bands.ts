import { dayClock } from '../day/day';
import type { Mark, PlayedScenario } from '../recorder/recording';
import { BAND, EDGE, INK, MUTED, RED } from './palette';
import type { Frame } from './frame';
import { element, escaped, label } from './svg';

/** Height of the names of scenarios above the plots: two rows, because short scenarios have long names. */
export const NAMES_HEIGHT = 34;
/** Height of the axis of time. */
export const AXIS_HEIGHT = 30;

/** A mark at most this far from the edge of a scenario is that edge, in milliseconds. */
const NEAR_MS = 400;

/** The scenarios except the everyday one, from the first to the last plot, with their names above. */
export function scenarioBands(scenarios: readonly PlayedScenario[], { top, height, time }: Frame): string {
  const bands = scenarios
    .filter(({ id }) => id !== 'office')
    .map(({ title, story, fromMs, toMs }, index) => {
      const [x, end] = [time(fromMs), time(toMs)];
      const row = top - NAMES_HEIGHT + 12 + 15 * (index % 2);
      const [y1, y2] = [row + 4, top + height];
      const band = element(
        'rect',
        { x, y: y1, width: Math.max(1, end - x), height: y2 - y1, fill: BAND },
        element('title', {}, escaped(`${title}: ${story}`)),
      );
      const edges = [x, end].map((at) =>
        element('line', { x1: at, x2: at, y1, y2, stroke: EDGE, 'stroke-width': 0.8 }),
      );
      const name = label(`${index + 1} ${title}`, (x + end) / 2, row, {
        'text-anchor': 'middle',
        'font-weight': 600,
        fill: INK,
        'font-size': 11,
      });
      return { band: band + edges.join(''), name };
    });
  // Names last: a short scenario's name is wider than its band, and must not be covered by the next one.
  return [...bands.map(({ band }) => band), ...bands.map(({ name }) => name)].join('');
}

/** Actions between the edges of scenarios, as lines through all plots. */
export function markLines(
  marks: readonly Mark[],
  scenarios: readonly PlayedScenario[],
  { top, height, time }: Frame,
): string {
  const edges = scenarios.flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
  return marks
    .filter(({ atMs }) => edges.every((edge) => Math.abs(edge - atMs) > NEAR_MS))
    .map(({ atMs, title, text }) => {
      const x = time(atMs);
      return (
        element(
          'line',
          { x1: x, x2: x, y1: top - 2, y2: top + height, stroke: RED, 'stroke-width': 1, 'stroke-dasharray': '3 3' },
          element('title', {}, escaped(text)),
        ) + label(title, x + 4, top + 8, { fill: RED, 'font-size': 10, 'font-weight': 600 })
      );
    })
    .join('');
}

/** The clock of the day and the seconds of the run, below all plots. */
export function timeAxis({ left, right, top, height, time, lengthMs }: Frame): string {
  const y = top + height;
  const stepMs = lengthMs > 60_000 ? 12_000 : 6000;
  const ticks = Array.from({ length: Math.floor(lengthMs / stepMs) + 1 }, (_, index) => index * stepMs);
  return [
    element('line', { x1: left, x2: right, y1: y, y2: y, stroke: MUTED }),
    ...ticks.map((tick) => {
      const x = time(tick);
      return (
        element('line', { x1: x, x2: x, y1: y, y2: y + 4, stroke: MUTED }) +
        label(dayClock(tick), x, y + 15, { 'text-anchor': 'middle', fill: INK, 'font-size': 10.5 }) +
        label(`${tick / 1000} s`, x, y + 27, { 'text-anchor': 'middle', fill: MUTED, 'font-size': 9.5 })
      );
    }),
    label('clock of the day', 4, y + 15, { fill: INK, 'font-size': 10 }),
    label('seconds of the run', 4, y + 27, { fill: MUTED, 'font-size': 10 }),
  ].join('');
}
