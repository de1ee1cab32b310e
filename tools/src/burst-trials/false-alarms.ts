import { FEWEST_SIMILAR, OWN_REFERENCE, REFERENCE_SPAN } from '@smart-support/storm/tuning';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { BURST_MS, type ScheduledTicket } from './schedule';
import type { SimulatedService } from './simulated-service';

/** Suspected and open incidents on days without a burst. */
export interface FalseAlarms {
  readonly tickets: number;
  /** Number of tickets with enough others in their window for a suspected incident to be possible. */
  readonly withOthers: number;
  /** Number of suspected incidents. */
  readonly suspected: number;
  /** Number of incidents that opened. */
  readonly opened: number;
  /** Number of tickets that these suppressed. */
  readonly suppressed: number;
  /** Number of suspected incidents while the reference was still the seed. */
  readonly withSeed: number;
  /** Of each incident, the number of its founders by topic, the most frequent topic first. */
  readonly topics: readonly (readonly (readonly [topic: string, founders: number])[])[];
}

/** Runs days without a burst through a service. */
export function countFalseAlarms(
  schedule: Iterable<ScheduledTicket>,
  service: Pick<SimulatedService, 'receiveTicket' | 'incidents' | 'suppressed'>,
): FalseAlarms {
  const moments: number[] = [];
  let withOthers = 0;
  for (const scheduled of schedule) {
    service.receiveTicket(scheduled);
    const fifthBefore = moments.at(-FEWEST_SIMILAR) ?? -Infinity;
    if (scheduled.atMs - fifthBefore <= BURST_MS) withOthers += 1;
    moments.push(scheduled.atMs);
  }
  // From then on there are enough tickets that are old enough.
  const enoughMs = (moments[OWN_REFERENCE - 1] ?? Infinity) + REFERENCE_SPAN.youngestMs;
  const { incidents, suppressed } = service;
  const suspectedAt = incidents.flatMap(({ suspected }) => suspected ?? []);
  return {
    tickets: moments.length,
    withOthers,
    suspected: suspectedAt.length,
    opened: incidents.filter(({ opened }) => opened).length,
    suppressed,
    withSeed: suspectedAt.filter(({ atMs }) => atMs < enoughMs).length,
    topics: incidents.map(({ founders }) => topicsOf(founders)),
  };
}

function topicsOf(tickets: readonly SeenTicket[]): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { about } of tickets) counts.set(about, (counts.get(about) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
