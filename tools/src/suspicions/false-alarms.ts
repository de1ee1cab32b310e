import { FEWEST_SIMILAR, OWN_REFERENCE, REFERENCE_SPAN } from '@smart-support/storm/tuning';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { BURST_MS, type ScheduledTicket } from './schedule';
import type { WatchedService } from './watched-service';

/** What was suspected while nothing was the matter. */
export interface FalseAlarms {
  readonly tickets: number;
  /** Tickets with enough others in their window for a suspicion to be possible at all. */
  readonly inCompany: number;
  readonly alarms: number;
  /** Incidents that opened. */
  readonly opened: number;
  /** Tickets that these suppressed. */
  readonly suppressed: number;
  /** Of these, how many while there were too few own tickets to tell what is usual. */
  readonly withStandIns: number;
  /** Of each alarm and each incident, how many of its founders each topic has; the topic with the most comes first. */
  readonly topics: readonly (readonly (readonly [topic: string, founders: number])[])[];
}

/** Lets a service live through days without a burst. */
export function countFalseAlarms(
  schedule: Iterable<ScheduledTicket>,
  service: Pick<WatchedService, 'arrive' | 'incidents' | 'suppressed'>,
): FalseAlarms {
  const moments: number[] = [];
  let inCompany = 0;
  for (const scheduled of schedule) {
    service.arrive(scheduled);
    const fifthBefore = moments.at(-FEWEST_SIMILAR) ?? -Infinity;
    if (scheduled.atMs - fifthBefore <= BURST_MS) inCompany += 1;
    moments.push(scheduled.atMs);
  }
  // The first moment at which there are enough tickets that are old enough.
  const enoughMs = (moments[OWN_REFERENCE - 1] ?? Infinity) + REFERENCE_SPAN.youngestMs;
  const { incidents, suppressed } = service;
  const alarms = incidents.flatMap(({ suspected }) => suspected ?? []);
  return {
    tickets: moments.length,
    inCompany,
    alarms: alarms.length,
    opened: incidents.filter(({ opened }) => opened).length,
    suppressed,
    withStandIns: alarms.filter(({ atMs }) => atMs < enoughMs).length,
    topics: incidents.map(({ founders }) => topicsOf(founders)),
  };
}

function topicsOf(tickets: readonly SeenTicket[]): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { about } of tickets) counts.set(about, (counts.get(about) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
