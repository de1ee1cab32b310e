import type { Arrival } from './arrival';
import type { Incident, Member } from './incident';

/** A member that keeps the agent it has, or gets one. One that waits for an agent goes on waiting if it says something severe that is news, or that always counts. */
export function founderOf(arrival: Arrival, similarity: number, incident: Incident): Member {
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

/** A member that is not routed, unless it says something severe that is news, or that always counts. */
export function newcomerTo(incident: Incident, arrival: Arrival, similarity: number): Member {
  const member = founderOf(arrival, similarity, incident);
  return { ...member, isSuppressed: member.routedSignal === null && !member.isDecided };
}

/** The severe signal for which a member is routed; `null` if it says none, or only one that its incident is about. */
export function routedSignalOf({ severeSignal, isAlwaysRouted }: Arrival, { knownSignals }: Incident): string | null {
  return severeSignal !== null && (isAlwaysRouted || !knownSignals.has(severeSignal)) ? severeSignal : null;
}

/** Grave things that at least half of some tickets say. */
export function saidByHalf(tickets: readonly Arrival[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { severeSignal } of tickets)
    if (severeSignal !== null) counts.set(severeSignal, (counts.get(severeSignal) ?? 0) + 1);
  return new Set([...counts].flatMap(([severeSignal, count]) => (2 * count >= tickets.length ? [severeSignal] : [])));
}
