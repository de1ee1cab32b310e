import type { ActId, PlannedTicket } from './act';
import type { Stretch } from './timetable';

/** What acts are written with; everything by chance comes from the seed of the day. */
export interface ActKit {
  /** A number in [0, 1). */
  readonly random: () => number;
  /** A text of the training tickets that nobody has sent yet, while there are any. */
  readonly everydayText: () => string;
  /** The address of somebody who did not write yet. */
  readonly newRequester: () => string;
}

/** How the tickets of an act are written. */
export interface Writing {
  readonly act: ActId;
  readonly count: number;
  /** Text of the n-th, from 0. */
  readonly text: (number: number) => string;
  readonly requester: () => string;
}

/** Tickets of one act, each at a moment of a stretch by chance. */
export function writeTickets(kit: ActKit, { from, to }: Stretch, writing: Writing): readonly PlannedTicket[] {
  const { act, count, text, requester } = writing;
  const moments = Array.from({ length: count }, () => from + (to - from) * kit.random()).sort((a, b) => a - b);
  return moments.map((moment, number) => ({
    atMs: Math.round(1000 * moment),
    id: `${act}-${number + 1}`,
    act,
    text: text(number),
    requester: requester(),
  }));
}
