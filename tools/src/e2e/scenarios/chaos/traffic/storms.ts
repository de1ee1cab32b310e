import { randomFrom } from '../../../../train/random';
import type { PlantedStorm } from '../../../audit/planted-storm';
import { OUTAGES, reportText } from './outages';
import type { SentTicket } from './sent-ticket';

/** What an operator does with the incidents of a storm, if anything. */
export type StormEnding = 'resolve' | 'reject' | 'leave';

/** A storm in the traffic, and what operators do about it. */
export interface ChaosStorm extends PlantedStorm {
  /** Number of other tickets sent before it. */
  readonly at: number;
  /** Each of another requester. */
  readonly reports: readonly SentTicket[];
  readonly ending: StormEnding;
  /** Milliseconds from when an operator first looks for an incident of it. */
  readonly endedAfterMs: number;
}

/** Reports of one storm. */
export const REPORTS = 40;

/** The part of the traffic during which storms begin: so that faults meet them, and their operators. */
const FROM = 0.04;
const TO = 0.9;

/**
 * The first storm comes after so many other tickets at least, where there are so many. Among fewer an incident needs more reports than the threshold
 * (the engine's test against the reference rate), which the audit's plain rule does not know.
 */
const LEAST_BEFORE_FIRST = 300;

const RESOLVED_SHARE = 0.4;
const REJECTED_SHARE = 0.35;
/** Operators are quick now and then, so that they meet a storm in its middle. */
const SHARE_OF_QUICK = 0.4;
const MOST_QUICK_MS = 1500;
const MOST_MS = 12_000;

/**
 * The storms of a run, by chance from a seed, spread evenly over the traffic.
 * @param tickets - how many tickets are sent besides
 */
export function planStorms(count: number, tickets: number, seed: number): readonly ChaosStorm[] {
  // Not the sequences that faults and parcels come from.
  const random = randomFrom((seed ^ 0x7f4a7c15) >>> 0);
  const from = Math.max(tickets * FROM, Math.min(LEAST_BEFORE_FIRST, tickets / 2));
  return Array.from({ length: count }, (_, number): ChaosStorm => {
    const outage = number % OUTAGES.length;
    const at = Math.floor(from + ((tickets * TO - from) * (number + random())) / count);
    const reports = Array.from({ length: REPORTS }, (_each, reporter) => ({
      id: `storm-${seed}-${number}-${reporter + 1}`,
      text: reportText(outage, reporter, random),
      requester: `reporter-${number}-${reporter + 1}@example.org`,
    }));
    const chance = random();
    const ending = chance < RESOLVED_SHARE ? 'resolve' : chance < RESOLVED_SHARE + REJECTED_SHARE ? 'reject' : 'leave';
    const endedAfterMs = Math.round(random() * (random() < SHARE_OF_QUICK ? MOST_QUICK_MS : MOST_MS));
    return { number, outage, at, reports, ending, endedAfterMs };
  });
}
