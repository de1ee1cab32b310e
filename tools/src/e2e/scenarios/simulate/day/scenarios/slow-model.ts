import type { Scenario } from '../scenario';
import type { Timetable } from '../timetable';

/** The model takes too long for a while. */
export function slowModel({ slow }: Timetable): Scenario {
  return {
    id: 'slow',
    title: 'slow model',
    story: `Every run of the model takes ${slow.delayMs} ms longer. The breakers open, the baseline answers at once, and they close again by themselves afterwards.`,
    fromMs: 1000 * slow.from,
    toMs: 1000 * slow.to,
    tickets: [],
    actions: [
      { atMs: 1000 * slow.from, action: { kind: 'slow-model', delayMs: slow.delayMs } },
      { atMs: 1000 * slow.to, action: { kind: 'slow-model', delayMs: 0 } },
    ],
  };
}
