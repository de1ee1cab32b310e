import { type TicketStatus, TICKET_STATUSES, ticketMayBecome } from '@smart-support/contracts';

/** A status that was written to the store, and what was written with it. */
export interface HistoryStep {
  readonly status: string;
  readonly agent: string | undefined;
  /** Who completed the ticket, `agent` or `incident`, if that was written in the same command. */
  readonly resolution?: string;
}

/** What was written to the store about one ticket. */
export interface TicketHistory {
  readonly steps: HistoryStep[];
  /** Decisions committed. */
  commits: number;
  /** Times that its lease expired. */
  stalls: number;
  /** Alerts put into the outbox. */
  alerts: number;
  /** Number of steps before each of them. */
  alertsAfter?: number[];
}

/** How often a ticket got a status. */
export function timesInStatus(history: TicketHistory | undefined, wanted: string): number {
  return history?.steps.filter(({ status }) => status === wanted).length ?? 0;
}

/** How often an incident released the ticket, after which it is decided again. */
export function timesReleased({ steps }: TicketHistory): number {
  return steps.filter(({ status }, index) => status === 'queued' && steps[index - 1]?.status === 'suppressed').length;
}

/** Whether a gateway handed the ticket over after routing it in-process: its history in the store does not begin in the queue. */
export function wasAdopted({ steps }: TicketHistory): boolean {
  return steps[0] !== undefined && steps[0].status !== 'queued';
}

/** The first change of status that the life table does not allow, for example `completed -> assigned`. */
export function forbiddenStep(history: TicketHistory): string | undefined {
  const { steps } = history;
  for (let index = 1; index < steps.length; index += 1) {
    const [from, to] = [steps[index - 1]?.status ?? '', steps[index]?.status ?? ''];
    // An adopted ticket is written as it was, and then put in line or among the dead letters.
    const asAdopted = index === 1 && wasAdopted(history) && (from === to || (from === 'assigned' && to === 'waiting'));
    // A commit that finds the incident resolved suppresses and completes in one step.
    const atOnce = from === 'processing' && to === 'completed' && steps[index]?.resolution === 'incident';
    if (!asAdopted && !atOnce && !(isStatus(from) && isStatus(to) && ticketMayBecome(from, to)))
      return `${from} -> ${to}`;
  }
  return undefined;
}

function isStatus(text: string): text is TicketStatus {
  return (TICKET_STATUSES as readonly string[]).includes(text);
}
