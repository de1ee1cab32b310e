import type { Evidence } from './evidence';
import { type TicketHistory, timesInStatus, wasAdopted } from '../harness/history/ticket-history';

/** Something that must hold: what it is called, what is looked at, and what speaks against it. */
export type Audit = readonly [name: string, how: string, against: (evidence: Evidence) => string[]];

/** Whether tickets of an incident with this status wait for its end. */
export function holdsMembers(status: string | undefined): boolean {
  return status === 'open' || status === 'quiet';
}

/** Whether a ticket is suppressed by an incident that may be. */
export function isSuppressedByIncident({ store, storms }: Evidence, ticketId: string): boolean {
  const { status, incident = '' } = store.tickets.get(ticketId) ?? {};
  return status === 'suppressed' && holdsMembers(storms.incidents.get(incident)?.status);
}

/**
 * Whether the shared store had the ticket before the gateway began that routed it by itself while the store was away. That gateway could not know of it:
 * a decision of the design (docs/decisions/0012).
 */
export function isQueuedBeforeRouter({ store, histories, beginningsOfRouters }: Evidence, ticketId: string): boolean {
  const history = histories.get(ticketId);
  const { receivedMs = NaN } = store.tickets.get(ticketId) ?? {};
  return history !== undefined && !wasAdopted(history) && receivedMs < (beginningsOfRouters.get(ticketId) ?? -Infinity);
}

/** How often an incident let the ticket go, for which it was decided about again. */
export function timesReleased({ steps }: TicketHistory): number {
  return steps.filter(({ status }, index) => status === 'queued' && steps[index - 1]?.status === 'suppressed').length;
}

/** How often the ticket was given to an agent. One that a gateway by itself saw to the end comes to the store as a completed one. */
export function timesGiven({ histories, routedInProcess }: Evidence, ticketId: string): number {
  const history = histories.get(ticketId);
  if (!history) return 0;
  const given = timesInStatus(history, 'assigned');
  const before = routedInProcess.get(ticketId)?.includes('assigned') === true && wasAdopted(history);
  return given === 0 && before ? 1 : given;
}

/** Whether the ticket was ever meant for an agent: given to one, or in line for one. */
export function wasRouted(evidence: Evidence, ticketId: string): boolean {
  const lived = [
    ...(evidence.histories.get(ticketId)?.steps.map(({ status }) => status) ?? []),
    ...(evidence.routedInProcess.get(ticketId) ?? []),
  ];
  return lived.includes('assigned') || lived.includes('waiting');
}
