import type { Logger } from '@smart-support/telemetry';

/** Ids of one line of the log: more would be cut off there. */
const IDS_PER_LINE = 100;

/** Writes into the log how many tickets end with this process, and the id of each; nothing if there are none. */
export function reportUnsavedTickets(ticketIds: readonly string[], logger: Pick<Logger, 'error'>): void {
  if (ticketIds.length === 0) return;
  logger.error({ tickets: ticketIds.length }, 'tickets end with this process: no other has them');
  for (let start = 0; start < ticketIds.length; start += IDS_PER_LINE) {
    logger.error({ ticket_ids: ticketIds.slice(start, start + IDS_PER_LINE) }, 'these tickets end with this process');
  }
}
