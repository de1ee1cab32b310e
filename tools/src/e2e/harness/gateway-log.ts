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

/** What every ticket that the gateway routed by itself became afterwards, by its log. @param file - the log */
export async function livesInProcess(file: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const lives = new Map<string, string[]>();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (!line.includes('"msg":"ticket status"')) continue;
    const inWork = ticketInWork(line);
    if (inWork !== undefined && !lives.has(inWork)) lives.set(inWork, []);
    const { id = '', status = '' } = /"ticket_id":"(?<id>[^"]+)".*"status":"(?<status>\w+)"/.exec(line)?.groups ?? {};
    lives.get(id)?.push(status);
  }
  return lives;
}

/** When the process began that worked on a ticket last, by ticket, in milliseconds since 1970: several gateways in a row write one log. @param file - the log */
export async function beginningsOfRouters(file: string): Promise<ReadonlyMap<string, number>> {
  const beginnings = new Map<string, number>();
  const routers = new Map<string, number>();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { time = '', pid = '' } = /"time":"(?<time>[^"]+)","pid":(?<pid>\d+)/.exec(line)?.groups ?? {};
    if (pid === '') continue;
    const beganMs = beginnings.get(pid) ?? Date.parse(time);
    beginnings.set(pid, beganMs);
    const inWork = ticketInWork(line);
    if (inWork !== undefined) routers.set(inWork, beganMs);
  }
  return routers;
}

/** All tickets that the gateway routed by itself. @param file - its log */
export async function ticketsRoutedInProcess(file: string): Promise<ReadonlySet<string>> {
  return new Set((await livesInProcess(file)).keys());
}
