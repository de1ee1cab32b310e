import { randomFrom } from '../train/random';
import type { SeenTicket } from './seen-ticket';
import type { Texts } from './texts';
import { calmWindow, incidentsOf, stormWindows, topicalWindow } from './windows';

/** The effect of a threshold in whole windows. */
export interface Trial {
  readonly threshold: number;
  /** Number of calm windows in which an incident opens. */
  readonly falseIncidents: number;
  /** The same if half as many tickets were enough: a measure of the margin. */
  readonly nearlyFalseIncidents: number;
  readonly calmWindows: number;
  /** Number of windows with a storm in which its incident opens. */
  readonly opened: number;
  readonly stormWindows: number;
  /** Share of the storms' tickets that are members of their incidents, in [0, 1]. */
  readonly members: number;
  /** Number of other members, in all windows. */
  readonly strangers: number;
}

/** The default number of requesters that opens an incident once exceeded, and half of it. */
const TICKET_THRESHOLD = 10;
const HALF_THE_TICKETS = 5;

/** Windows to try thresholds on. */
export interface TrialWindows {
  readonly calm: readonly (readonly SeenTicket[])[];
  readonly storms: readonly (readonly SeenTicket[])[];
  /** The tickets of storms. */
  readonly stormIds: ReadonlySet<string>;
}

/**
 * Draws windows from some texts.
 * @param calmWindows - their number; every second one has whole topics
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

/** Measures the effect of a threshold. */
export function tryThreshold({ calm, storms, stormIds }: TrialWindows, threshold: number): Trial {
  const opening = (windows: TrialWindows['calm'], ticketThreshold: number) =>
    windows.filter((window) => incidentsOf(window, { threshold, ticketThreshold }).length > 0);
  const ownOf = (tickets: readonly SeenTicket[]) => tickets.filter(({ id }) => stormIds.has(id)).length;
  const nearly = opening(calm, HALF_THE_TICKETS);
  let opened = 0;
  let own = 0;
  let strangers = 0;
  for (const window of storms) {
    const members = incidentsOf(window, { threshold, ticketThreshold: TICKET_THRESHOLD }).flat();
    const found = ownOf(members);
    if (found > 0) opened += 1;
    own += found;
    strangers += members.length - found;
  }
  return {
    threshold,
    // A window without an incident at half as many tickets has none at all.
    falseIncidents: opening(nearly, TICKET_THRESHOLD).length,
    nearlyFalseIncidents: nearly.length,
    calmWindows: calm.length,
    opened,
    stormWindows: storms.length,
    members: own / ownOf(storms.flat()),
    strangers,
  };
}
