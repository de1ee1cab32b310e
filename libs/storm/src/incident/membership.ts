import type { Arrival } from '../state/arrival';
import type { Incident, Member } from './incident';

/** A member that is routed. If it still waits for an agent when the incident opens, it goes on waiting only with a novel or an always-routed signal. */
export function founderMember(arrival: Arrival, similarity: number, incident: Incident): Member {
  const { ticketId, receivedMs, requester, isVouched, failure, elsewhere } = arrival;
  const isDecided = elsewhere !== undefined;
  return {
    ticketId,
    similarity,
    receivedMs,
    requester,
    isVouched,
    failure,
    isSuppressed: false,
    routedSignal: routedSignalOf(arrival, incident),
    isDecided,
  };
}

/** A member that is suppressed unless it has a novel or an always-routed signal. */
export function newcomerMember(incident: Incident, arrival: Arrival, similarity: number): Member {
  const member = founderMember(arrival, similarity, incident);
  return { ...member, isSuppressed: member.routedSignal === null && !member.isDecided };
}

/** The signal for which a member is routed; `null` without one, or with one that its incident is about. */
export function routedSignalOf({ severeSignal, isAlwaysRouted }: Arrival, { knownSignals }: Incident): string | null {
  return severeSignal !== null && (isAlwaysRouted || !knownSignals.has(severeSignal)) ? severeSignal : null;
}

/** Severe signals of at least half of some tickets. */
export function signalsOfHalf(tickets: readonly Arrival[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { severeSignal } of tickets)
    if (severeSignal !== null) counts.set(severeSignal, (counts.get(severeSignal) ?? 0) + 1);
  return new Set([...counts].flatMap(([severeSignal, count]) => (2 * count >= tickets.length ? [severeSignal] : [])));
}
