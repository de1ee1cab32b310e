import { randomFrom } from '../train/random';
import type { SeenTicket } from './seen-ticket';
import type { Texts } from './texts';
import { calmWindow, incidentsOf, stormWindows, topicalWindow } from './windows';

/** What a threshold does in whole windows. */
export interface Trial {
  readonly threshold: number;
  /** Calm windows in which an incident opens. */
  readonly falseIncidents: number;
  /** The same if half as many tickets made a storm: how far the others are from opening one. */
  readonly nearlyFalseIncidents: number;
  readonly calmWindows: number;
  /** Windows with a storm in which its incident opens. */
  readonly opened: number;
  readonly stormWindows: number;
  /** Share of the storms' tickets that their incidents hold. */
  readonly held: number;
  /** Tickets about anything else that they hold, in all windows together. */
  readonly strangers: number;
}

/** The default number of requesters that opens an incident once exceeded, and half of it. */
const TICKET_THRESHOLD = 10;
const HALF_THE_TICKETS = 5;

/** Windows on which thresholds are tried. */
export interface TrialWindows {
  readonly calm: readonly (readonly SeenTicket[])[];
  readonly storms: readonly (readonly SeenTicket[])[];
  /** The tickets of storms. */
  readonly stormIds: ReadonlySet<string>;
}

/**
 * Windows drawn from some texts.
 * @param calmWindows - every other one of whole topics
 */
export function trialWindows(
  { ordinary, outages }: Texts<SeenTicket>,
  { calmWindows, seed }: { readonly calmWindows: number; readonly seed: number },
): TrialWindows {
  const random = randomFrom(seed);
  return {
    calm: Array.from({ length: calmWindows }, (_, i) =>
      i % 2 === 0 ? calmWindow(ordinary, random) : topicalWindow(ordinary, random),
    ),
    storms: stormWindows(ordinary, outages, random),
    stormIds: new Set(outages.map(({ id }) => id)),
  };
}

/** Tries a threshold. */
export function tryThreshold({ calm, storms, stormIds }: TrialWindows, threshold: number): Trial {
  const opening = (windows: TrialWindows['calm'], ticketThreshold: number) =>
    windows.filter((window) => incidentsOf(window, { threshold, ticketThreshold }).length > 0);
  const ownOf = (tickets: readonly SeenTicket[]) => tickets.filter(({ id }) => stormIds.has(id)).length;
  const nearly = opening(calm, HALF_THE_TICKETS);
  let opened = 0;
  let held = 0;
  let strangers = 0;
  for (const window of storms) {
    const members = incidentsOf(window, { threshold, ticketThreshold: TICKET_THRESHOLD }).flat();
    const own = ownOf(members);
    if (own > 0) opened += 1;
    held += own;
    strangers += members.length - own;
  }
  return {
    threshold,
    // Where half as many tickets are too few, all are.
    falseIncidents: opening(nearly, TICKET_THRESHOLD).length,
    nearlyFalseIncidents: nearly.length,
    calmWindows: calm.length,
    opened,
    stormWindows: storms.length,
    held: held / ownOf(storms.flat()),
    strangers,
  };
}

/** Whether no incident opens in a calm window, not even if half as many tickets were enough, and no stranger is taken for one of a storm. */
export function isSafe({ nearlyFalseIncidents, strangers }: Trial): boolean {
  return nearlyFalseIncidents + strangers === 0;
}

/**
 * Tries thresholds from the highest down to the first that is not safe, which is the last one of the answer.
 * @param thresholds - ascending
 */
export function tryDownwards(thresholds: readonly number[], attempt: (threshold: number) => Trial): Trial[] {
  const trials: Trial[] = [];
  for (const threshold of [...thresholds].reverse()) {
    const trial = attempt(threshold);
    trials.push(trial);
    if (!isSafe(trial)) break;
  }
  return trials;
}
