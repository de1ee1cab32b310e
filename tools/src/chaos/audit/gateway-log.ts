import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * The ticket that a line of a gateway's log (of level debug) says is in work in that very process. A gateway never takes a ticket from the
 * shared queue, so this is one that it routes by itself, whether or not its client ever saw the answer.
 */
export function ticketInWork(line: string): string | undefined {
  if (!line.includes('"msg":"ticket status"') || !line.includes('"status":"processing"')) return undefined;
  return /"ticket_id":"(?<id>[^"]+)"/.exec(line)?.groups?.['id'];
}

/** All tickets that the gateway routed by itself. @param file - its log */
export async function ticketsRoutedInProcess(file: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const id = ticketInWork(line);
    if (id !== undefined) ids.add(id);
  }
  return ids;
}
