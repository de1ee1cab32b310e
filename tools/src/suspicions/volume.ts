import type { SeedReference } from '@smart-support/storm';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { randomFrom } from '../train/random';
import { type BurstTrial, tryBurst } from './burst-trial';
import { MINUTE_MS, START_MS, type ScheduledTicket, byTime, endless, steadyTraffic, withinSpan } from './schedule';
import { WatchedService } from './watched-service';

/** Reports of one trouble that come within a minute, in the middle of a run. */
export const REPORTS = 40;

/** A run of steady traffic. */
export interface Run {
  readonly perSecond: number;
  readonly minutes: number;
  readonly seed: number;
  /** Is told now and then how many of the tickets have arrived. */
  readonly progress?: (arrived: number, tickets: number) => void;
}

/** What became of the traffic and its burst. */
export interface VolumeTrial extends BurstTrial {
  readonly tickets: number;
  readonly suppressed: number;
}

const TELL_EVERY = 1_000;

/**
 * Lets a new service live through steady traffic, with a burst in the middle of it.
 * @param reports - texts of the burst; where they are fewer than {@link REPORTS}, they come again from other requesters. None for traffic without a burst
 */
export function tryVolume(
  texts: readonly SeenTicket[],
  reports: readonly SeenTicket[],
  usual: SeedReference,
  { perSecond, minutes, seed, progress }: Run,
): VolumeTrial {
  const random = randomFrom(seed);
  const traffic = [...steadyTraffic(endless(texts, random), { perSecond, minutes }, random)];
  const burst = Array.from({ length: reports.length === 0 ? 0 : REPORTS }, (_, at): SeenTicket => {
    return { ...(reports[at % reports.length] as SeenTicket) };
  });
  const schedule = [...traffic, ...withinSpan(burst, START_MS + (minutes / 2) * MINUTE_MS, MINUTE_MS, random)];
  schedule.sort(byTime);
  const service = new WatchedService(usual);
  let arrived = 0;
  const arrive = (scheduled: ScheduledTicket): void => {
    service.arrive(scheduled);
    arrived += 1;
    if (arrived % TELL_EVERY === 0) progress?.(arrived, schedule.length);
  };
  const trial = tryBurst(burst, schedule, { arrive, incidents: service.incidents });
  return { ...trial, tickets: schedule.length, suppressed: service.suppressed };
}
