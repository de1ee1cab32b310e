import { type TicketHistory, forbiddenStep, timesInStatus } from '../../harness/history/ticket-history';
import type { DomainHistory } from '../../harness/history/write-history';

/**
 * What was ever wrong in a domain, whether or not its present state shows it: tickets routed twice, forbidden transitions, events raised twice.
 * @param mayWait - whether a ticket may be put in line more than once, because its storm took it out of there
 */
export function historyFaults({ tickets, raised }: DomainHistory, mayWait: boolean): string[] {
  if (tickets.size === 0) return ['Nothing was ever written'];
  return [
    ...[...tickets].flatMap(([id, history]) => ticketFaults(id, history, mayWait)),
    ...[...raised]
      .filter(([, times]) => times > 1)
      .map(([event, times]) => `${event} was put into the outbox ${times} times`),
  ];
}

function ticketFaults(id: string, history: TicketHistory, mayWait: boolean): string[] {
  const routed = timesInStatus(history, 'assigned') + (mayWait ? 0 : timesInStatus(history, 'waiting'));
  const statuses = history.steps.map(({ status }) => status).join(', ');
  const forbidden = forbiddenStep(history);
  return [
    ...(routed > 1 ? [`${id} was routed ${routed} times: ${statuses}`] : []),
    ...(forbidden === undefined ? [] : [`${id} went ${forbidden}`]),
  ];
}
