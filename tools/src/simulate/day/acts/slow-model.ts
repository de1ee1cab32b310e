import type { Act } from '../act';
import type { Timetable } from '../timetable';

/** The model takes too long for a while. */
export function slowModel({ slow }: Timetable): Act {
  return {
    id: 'slow',
    title: 'slow model',
    story: `Every run of the model takes ${slow.delayMs} ms longer. The breakers open, the baseline answers at once, and they close again by themselves afterwards.`,
    fromMs: 1000 * slow.from,
    toMs: 1000 * slow.to,
    tickets: [],
    deeds: [
      { atMs: 1000 * slow.from, deed: { kind: 'slow-model', delayMs: slow.delayMs } },
      { atMs: 1000 * slow.to, deed: { kind: 'slow-model', delayMs: 0 } },
    ],
  };
}
