import {
  type BurstSettings,
  type OperatorDecision,
  type SparseVector,
  type StormArrival,
  type Ticket,
  requesterKey,
} from '@smart-support/contracts';
import {
  type StormDetector,
  type SuspectedBurst,
  type SuspectedEntry,
  type UnplacedArrival,
  quantise,
  quantiseSparse,
} from '@smart-support/storm';
import { requesterHash } from './admission';

const NO_WORDS: SparseVector = { indices: new Uint32Array(), values: new Float32Array() };

/**
 * The storm log entry of a ticket. One that takes no part in similarity enters without vectors; each ticket of a program counts as a requester.
 * @throws SmartSupportError `invalid_input` for invalid vectors
 */
export function arrivedEntry(ticket: Ticket, arrival: StormArrival): UnplacedArrival {
  const requester = requesterKey(ticket.requester);
  const { isVouched, source, severe_signal, isAlwaysRouted, failure, identifiers, isMachine, keptOut } = arrival;
  const { embedding, words } = keptOut === null ? arrival : { embedding: null, words: NO_WORDS };
  return {
    kind: 'arrived',
    ticket_id: ticket.id,
    received_ms: Date.parse(ticket.received_at),
    requester: isMachine || requester === null ? null : requesterHash(requester),
    ...(!isVouched && { unvouched: true }),
    ...(source !== null && { source }),
    embedding: embedding && { model: embedding.model, numbers: quantise(embedding.vector).numbers },
    words: quantiseSparse(words),
    severe_signal,
    ...(isAlwaysRouted && { always_routed: true }),
    failure,
    identifiers,
    is_machine: isMachine,
  };
}

/** The kind of the storm-log entry that records an operator's decision. */
export const DECISION_KINDS = {
  confirm: 'confirmed',
  resolve: 'resolved',
  reject: 'rejected',
} as const satisfies Record<OperatorDecision, string>;

/** Least milliseconds between two entries that only let time pass. */
export const TICK_MS = 1_000;

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
