import { randomFrom, shuffled } from '../../../../train/random';
import type { Scenario, PlannedAction, PlannedTicket } from './scenario';
import { type ScenarioTools, planScenarios } from './scenarios';
import type { Timetable } from './timetable';

/** Everything that is going to happen. */
export interface Day {
  readonly seed: number;
  readonly lengthMs: number;
  /** In the order of their beginning; the first is the everyday traffic, which lasts all day. */
  readonly scenarios: readonly Scenario[];
}

/** An everyday ticket about a map would rightly be taken for one of the paraphrased storm. */
const OF_THE_PARAPHRASED_STORM = /\bmaps?\b/i;

/**
 * Plans the day from its seed: the same on every machine.
 * @param texts - everyday texts; each is sent once, and again only when all were
 */
export function planDay(seed: number, timetable: Timetable, texts: readonly string[]): Day {
  const random = randomFrom(seed);
  const everyday = shuffled(texts, random).filter((text) => !OF_THE_PARAPHRASED_STORM.test(text));
  let taken = 0;
  let requesters = 0;
  const tools: ScenarioTools = {
    random,
    everydayText: () => everyday[taken++ % everyday.length] ?? '',
    newRequester: () => `customer-${(requesters += 1)}@example.org`,
  };
  const scenarios = planScenarios(tools, timetable).toSorted((a, b) => a.fromMs - b.fromMs);
  return { seed, lengthMs: 1000 * timetable.seconds, scenarios };
}

/** All tickets of a day in the order of their sending. */
export function ticketsOf({ scenarios }: Day): readonly PlannedTicket[] {
  return scenarios.flatMap(({ tickets }) => tickets).sort((a, b) => a.atMs - b.atMs);
}

/** All actions of a day in their order. */
export function actionsOf({ scenarios }: Day): readonly PlannedAction[] {
  return scenarios.flatMap(({ actions }) => actions).sort((a, b) => a.atMs - b.atMs);
}

/** The clock of the day begins at eight; a second of the run is five minutes. */
export function dayClock(atMs: number): string {
  const minutes = 8 * 60 + Math.floor((atMs / 1000) * 5);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}
