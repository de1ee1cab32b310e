import type { ScenarioId, PlannedTicket } from './scenario';
import type { Stretch } from './timetable';

/** What scenarios are written with; everything by chance comes from the seed of the day. */
export interface ScenarioTools {
  /** A number in [0, 1). */
  readonly random: () => number;
  /** A text of the training tickets that nobody has sent yet, while there are any. */
  readonly everydayText: () => string;
  /** The address of somebody who did not write yet. */
  readonly newRequester: () => string;
}

/** How the tickets of an scenario are written. */
export interface Writing {
  readonly scenario: ScenarioId;
  readonly count: number;
  /** Text of the n-th, from 0. */
  readonly text: (number: number) => string;
  readonly requester: () => string;
}

/** Tickets of one scenario, each at a moment of a stretch by chance. */
export function writeTickets(tools: ScenarioTools, { from, to }: Stretch, writing: Writing): readonly PlannedTicket[] {
  const { scenario, count, text, requester } = writing;
  const moments = Array.from({ length: count }, () => from + (to - from) * tools.random()).sort((a, b) => a - b);
  return moments.map((moment, number) => ({
    atMs: Math.round(1000 * moment),
    id: `${scenario}-${number + 1}`,
    scenario,
    text: text(number),
    requester: requester(),
  }));
}
