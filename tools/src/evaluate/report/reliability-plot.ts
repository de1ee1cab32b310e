import { element, label } from '../../e2e/scenarios/simulate/report/svg';
import type { ReliabilityBin } from '../../train/calibration';

const SIDE = 300;
const LEFT = 40;
const TOP = 12;
const WIDTH = LEFT + SIDE + 14;
const HEIGHT = TOP + SIDE + 40;

/** Accuracy over confidence, one mark a bin, as large as its share of the tickets; calibrated answers lie on the diagonal. */
export function drawReliability(bins: readonly ReliabilityBin[]): string {
  const x = (share: number): number => LEFT + share * SIDE;
  const y = (share: number): number => TOP + (1 - share) * SIDE;
  const most = Math.max(...bins.map(({ tickets }) => tickets));
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((at) => [
    element('line', { x1: x(0), x2: x(1), y1: y(at), y2: y(at), class: 'grid' }),
    label(`${100 * at}`, LEFT - 7, y(at) + 4, { 'text-anchor': 'end' }),
    label(`${100 * at}`, x(at), TOP + SIDE + 16, { 'text-anchor': 'middle' }),
  ]);
  const marks = bins.map(({ tickets, meanConfidence, accuracy }) =>
    element(
      'g',
      {},
      element('line', {
        ...{ x1: x(meanConfidence), x2: x(meanConfidence), y1: y(meanConfidence), y2: y(accuracy) },
        class: 'gap',
      }),
      element(
        'circle',
        { cx: x(meanConfidence), cy: y(accuracy), r: 3 + 8 * Math.sqrt(tickets / most), class: 'mark' },
        element(
          'title',
          {},
          `${tickets} tickets: confidence ${meanConfidence.toFixed(3)}, accuracy ${accuracy.toFixed(3)}`,
        ),
      ),
    ),
  );
  return element(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img', 'font-size': 12 },
    element('title', {}, 'Accuracy over mean confidence'),
    ...ticks,
    element('line', { x1: x(0), y1: y(0), x2: x(1), y2: y(1), class: 'diagonal' }),
    ...marks,
    label('confidence, %', x(0.5), HEIGHT - 6, { 'text-anchor': 'middle' }),
    label('accuracy, %', 0, 0, { 'text-anchor': 'middle', transform: `translate(11 ${y(0.5)}) rotate(-90)` }),
  );
}
