import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** A line of a process's log that says where a ticket stands now. */
export interface StatusLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly ticketId: string;
  readonly status: string;
}

/** Reads what a line of the log says about a ticket; undefined if it is about something else. */
export function readStatusLine(line: string): StatusLine | undefined {
  if (!line.includes('"msg":"ticket status"')) return undefined;
  try {
    const { time, ticket_id, status } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const at = typeof time === 'number' ? time : Date.parse(String(time));
    if (typeof ticket_id !== 'string' || typeof status !== 'string' || Number.isNaN(at)) return undefined;
    return { at, ticketId: ticket_id, status };
  } catch {
    // The last line of a process that was killed may be only a part of one.
    return undefined;
  }
}

/** Follows the log of one process while it grows. */
export class TicketLog {
  private handle: FileHandle | undefined;
  private offset = 0;
  private rest = '';

  constructor(private readonly file: string) {}

  /** What was written since the last call. */
  async read(): Promise<readonly StatusLine[]> {
    this.handle ??= await open(this.file);
    const lines: StatusLine[] = [];
    const buffer = Buffer.alloc(1 << 18);
    for (;;) {
      const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, this.offset);
      if (bytesRead === 0) return lines;
      this.offset += bytesRead;
      // The engine's logs are ASCII where it matters: ids and words of its own.
      const pieces = (this.rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
      this.rest = pieces.pop() ?? '';
      for (const piece of pieces) {
        const line = readStatusLine(piece);
        if (line) lines.push(line);
      }
    }
  }

  /** Lets the file go. */
  async close(): Promise<void> {
    await this.handle?.close();
  }
}

/**
 * Tickets that a worker had begun and not finished at a moment, by its log.
 * @param moment - milliseconds since 1970
 */
export async function ticketsInFlight(file: string, moment: number): Promise<readonly string[]> {
  const inFlight = new Set<string>();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const news = readStatusLine(line);
    if (!news || news.at > moment) continue;
    if (news.status === 'processing') inFlight.add(news.ticketId);
    else inFlight.delete(news.ticketId);
  }
  return [...inFlight];
}
