import type { SeedReference } from '@smart-support/storm';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { randomFrom } from '../train/random';
import { type BurstTrial, tryBurst } from './burst-trial';
import { MINUTE_MS, START_MS, byTime, endless, steadyTraffic, withinSpan } from './schedule';
import { SimulatedService } from './simulated-service';

/** Reports of a burst, which arrive within a minute in the middle of a run. */
export const REPORTS = 40;

/** A run of steady traffic. */
export interface Run {
  readonly perSecond: number;
  readonly minutes: number;
  readonly seed: number;
}

/** The outcome of the traffic and its burst. */
export interface VolumeTrial extends BurstTrial {
  readonly tickets: number;
  readonly suppressed: number;
}

/**
 * Runs steady traffic with a burst in the middle of it through a new service.
 * @param reports - texts of the burst; fewer than {@link REPORTS} are repeated by other requesters. None for traffic without a burst
 */
export function tryVolume(
  texts: readonly SeenTicket[],
  reports: readonly SeenTicket[],
  seedReference: SeedReference,
  { perSecond, minutes, seed }: Run,
): VolumeTrial {
  const random = randomFrom(seed);
  const traffic = [...steadyTraffic(endless(texts, random), { perSecond, minutes }, random)];
  const burst = Array.from({ length: reports.length === 0 ? 0 : REPORTS }, (_, at): SeenTicket => {
    return { ...(reports[at % reports.length] as SeenTicket) };
  });
  const schedule = [...traffic, ...withinSpan(burst, START_MS + (minutes / 2) * MINUTE_MS, MINUTE_MS, random)];
  schedule.sort(byTime);
  const service = new SimulatedService(seedReference);
  const trial = tryBurst(burst, schedule, service);
  return { ...trial, tickets: schedule.length, suppressed: service.suppressed };
}
