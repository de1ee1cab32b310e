import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { HttpClient } from '../cast/http-client';

const BATCH = 100;
/** The longest text of euro signs that the limit of a ticket (64 KiB) lets through, as far as a round number goes. */
const TEXT = '€'.repeat(21_700);

/** What became of a flood of long tickets, and of the honest caller meanwhile. */
export interface FloodReport {
  /** Tickets of the flood by status; 0 where the gateway did not answer. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Bytes that went over the wire for all of them. */
  readonly wireBytes: number;
  /** How long the honest caller waited for `GET /tickets/honest`, in milliseconds, in ascending order. */
  readonly waits: readonly number[];
  /** How often that was not answered with 200. */
  readonly unanswered: number;
  /** Highest resident memory of the gateway, in bytes. */
  readonly mostMemory: number;
  /** Answers to the honest caller: its ticket before; reading, repeating and completing it after. */
  readonly honest: Readonly<Record<'before' | 'read' | 'repeat' | 'complete', number>>;
}

/** Which gateway is flooded, and how. */
export interface Flood {
  readonly port: number;
  /** Of the gateway's process. */
  readonly pid: number;
  readonly tickets: number;
  readonly onProgress: (sent: number) => void;
}

/** Sends long tickets in compressed batches, one after the other, beside an honest caller who looks at a ticket four times a second. */
export async function flood({ port, pid, tickets, onProgress }: Flood): Promise<FloodReport> {
  const client = new HttpClient(port, 4);
  const honestTicket = { id: 'honest', text: 'My invoice of May lists one seat too many.' };
  const statusOf = async (method: 'GET' | 'POST', path: string, body?: object): Promise<number> =>
    (await client.send(method, path, body)).status;
  const before = await statusOf('POST', '/ticket', honestTicket);

  const statuses: Record<number, number> = {};
  const waits: number[] = [];
  let [wireBytes, unanswered, mostMemory] = [0, 0, 0];
  let isLooking = false;
  const looking = setInterval(() => {
    mostMemory = Math.max(mostMemory, memoryOf(pid));
    if (isLooking) return;
    isLooking = true;
    void client.send('GET', '/tickets/honest').then(({ status, waitedMs }) => {
      isLooking = false;
      waits.push(waitedMs);
      if (status !== 200) unanswered += 1;
    });
  }, 250);
  for (let sent = 0; sent < tickets; sent += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, tickets - sent) }, (_, n) => ({ text: `${sent + n} ${TEXT}` }));
    const body = gzipSync(JSON.stringify(batch));
    wireBytes += body.length;
    for (const status of await sendBatch(port, body, batch.length)) statuses[status] = (statuses[status] ?? 0) + 1;
    onProgress(sent + batch.length);
  }
  clearInterval(looking);

  const honest = {
    before,
    read: await statusOf('GET', '/tickets/honest'),
    repeat: await statusOf('POST', '/ticket', honestTicket),
    complete: await statusOf('POST', '/tickets/honest/complete', {}),
  };
  client.close();
  return { statuses, wireBytes, waits: waits.sort((a, b) => a - b), unanswered, mostMemory, honest };
}

/** The status of each ticket of a batch; all the same where the batch as a whole was refused. */
async function sendBatch(port: number, body: Buffer<ArrayBuffer>, count: number): Promise<number[]> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body,
    });
    if (response.status !== 207) return Array.from({ length: count }, () => response.status);
    const { results } = (await response.json()) as { readonly results: readonly { readonly status_code: number }[] };
    return results.map(({ status_code }) => status_code);
  } catch {
    return Array.from({ length: count }, () => 0);
  }
}

/** Resident memory of a process in bytes; 0 where it is gone or the system does not say. */
function memoryOf(pid: number): number {
  try {
    return (
      1024 *
      Number(/^VmRSS:\s+(?<kilobytes>\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.groups?.['kilobytes'])
    );
  } catch {
    return 0;
  }
}
