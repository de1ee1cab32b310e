import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** A line of an app's log (of level debug) about the status of a ticket. */
export interface StatusLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly ticketId: string;
  readonly status: string;
}

/** Reads a log line about the status of a ticket; `undefined` for any other line. */
export function readStatusLine(line: string): StatusLine | undefined {
  if (!line.includes('"msg":"ticket status"')) return undefined;
  try {
    const { time, ticket_id, status } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const at = typeof time === 'number' ? time : Date.parse(String(time));
    if (typeof ticket_id !== 'string' || typeof status !== 'string' || Number.isNaN(at)) return undefined;
    return { at, ticketId: ticket_id, status };
  } catch {
    // The last line of a killed process may be incomplete.
    return undefined;
  }
}

/** The port in a line of a log; `undefined` if the line has none. */
export function portOf(line: string): number | undefined {
  if (!line.includes('"port"')) return undefined;
  try {
    const { port } = JSON.parse(line) as { readonly port?: unknown };
    return typeof port === 'number' ? port : undefined;
  } catch {
    return undefined;
  }
}

/** Follows the log of one process while it grows. */
export class LogFollower {
  private handle: FileHandle | undefined;
  private offset = 0;
  private rest = '';

  /** @param file - must exist at the first read */
  constructor(private readonly file: string) {}

  /** The complete lines that were written since the last call. */
  async readLines(): Promise<readonly string[]> {
    this.handle ??= await open(this.file);
    const lines: string[] = [];
    const buffer = Buffer.alloc(1 << 18);
    for (;;) {
      const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, this.offset);
      if (bytesRead === 0) return lines;
      this.offset += bytesRead;
      // Ids and messages are ASCII, so a character that is cut in two does no harm.
      const pieces = (this.rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
      this.rest = pieces.pop() ?? '';
      lines.push(...pieces);
    }
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.handle?.close();
  }
}

/** Tickets that a worker had in flight at a moment, by its log. @param moment - milliseconds since 1970 */
export async function ticketsInFlight(file: string, moment: number): Promise<readonly string[]> {
  const inFlight = new Set<string>();
  for await (const line of linesOf(file)) {
    const change = readStatusLine(line);
    if (!change || change.at > moment) continue;
    if (change.status === 'processing') inFlight.add(change.ticketId);
    else inFlight.delete(change.ticketId);
  }
  return [...inFlight];
}

/** The tickets that a gateway routed in-process, by its log. */
export interface GatewayLog {
  /** Their statuses there, in order. */
  readonly statuses: ReadonlyMap<string, readonly string[]>;
  /** When the process began that worked on each of them last, in milliseconds since 1970: gateways that follow one another write one log. */
  readonly startTimes: ReadonlyMap<string, number>;
}

/**
 * Reads the log of a gateway. A gateway never claims a ticket of the shared queue, so one that it has in work is routed in-process, whether or not its
 * client ever got the answer.
 */
export async function readGatewayLog(file: string): Promise<GatewayLog> {
  const statuses = new Map<string, string[]>();
  const startTimes = new Map<string, number>();
  const processes = new Map<string, number>();
  for await (const line of linesOf(file)) {
    const { time = '', pid = '' } = /"time":"(?<time>[^"]+)","pid":(?<pid>\d+)/.exec(line)?.groups ?? {};
    const began = processes.get(pid) ?? Date.parse(time);
    processes.set(pid, began);
    const change = readStatusLine(line);
    if (!change) continue;
    const { ticketId, status } = change;
    if (status === 'processing') {
      startTimes.set(ticketId, began);
      if (!statuses.has(ticketId)) statuses.set(ticketId, []);
    }
    statuses.get(ticketId)?.push(status);
  }
  return { statuses, startTimes };
}

function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file) });
}
