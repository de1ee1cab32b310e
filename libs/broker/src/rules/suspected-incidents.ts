import type { BurstSettings } from '@smart-support/contracts';
import type { StormDetector, SuspectedBurst, SuspectedEntry } from '@smart-support/storm';

/**
 * The storm log entry of a burst: adds to its suspected incident, or creates one.
 * @param entryId - of the latest ticket of the burst: two processes that find the burst at once create one incident
 */
export function suspectedEntry(entryId: string, burst: SuspectedBurst): Omit<SuspectedEntry, 'id' | 'at_ms'> {
  const { ticketIds, similarity, incidentId } = burst;
  const incident_id = incidentId ?? `incident-${entryId}`;
  return { kind: 'suspected', incident_id, ticket_ids: ticketIds, similarity };
}

/** Ids of suspected incidents that open without an operator. */
export function selfConfirming(
  mode: BurstSettings['mode'],
  known: Pick<StormDetector, 'largeSuspectedIncidents'>,
): string[] {
  if (mode === 'auto') return known.largeSuspectedIncidents('failures');
  return mode === 'open' ? known.largeSuspectedIncidents('all') : [];
}
