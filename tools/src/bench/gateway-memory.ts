import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { residentMegabytes } from './gateway-metrics';
import { type Finding, singleFinding } from './measure';
import { readSampleTexts } from './sample-tickets';
import { type ServerProcess, WITHOUT_TRANSFORMERS, startServer } from './server-process';
import type { Workbench } from './workbench';

const TICKETS = 100_000;
const BATCH = 100;
const BATCHES_AT_ONCE = 4;

/** As much of an answered ticket as is needed to finish it. */
interface Answered {
  readonly status_code: number;
  readonly body: { readonly id: string; readonly status: string };
}

/** Resident memory of the gateway without transformers after 100,000 tickets: all finished, or all still waiting for an agent. */
export async function benchMemory({ root }: Workbench): Promise<readonly Finding[]> {
  const finished = await memoryAfter(root, 'finished');
  const waiting = await memoryAfter(root, 'waiting');
  return [
    singleFinding(
      'Memory without transformers after 100,000 finished tickets',
      'MB',
      'gateway',
      finished,
      'below 150 MB',
    ),
    singleFinding('Memory without transformers with 100,000 tickets waiting', 'MB', 'gateway', waiting),
  ];
}

async function memoryAfter(root: string, fate: 'finished' | 'waiting'): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  const roster = join(scratch, 'roster.json');
  // With nobody there everything waits; with one who can take a thousand, nothing does.
  writeFileSync(roster, JSON.stringify({ agents: fate === 'finished' ? [BUSY_BEE] : [] }));
  const server = await startServer(join(root, 'apps/gateway/dist/main.js'), {
    ...WITHOUT_TRANSFORMERS,
    AGENTS_FILE: roster,
    TICKETS_KEPT: String(TICKETS),
    LOG_LEVEL: 'info',
  });
  try {
    await postTickets(server, readSampleTexts(root), fate);
    return await residentMegabytes(server.url);
  } finally {
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

const BUSY_BEE = {
  id: 'bee',
  name: 'Busy Bee',
  skills: { Billing: 1, Technical: 1, Legal: 1 },
  capacity: 1000,
  status: 'available',
};

async function postTickets(server: ServerProcess, texts: readonly string[], fate: string): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < TICKETS) {
      const first = next;
      next += BATCH;
      const batch = Array.from({ length: BATCH }, (_, index) => ({ text: texts[(first + index) % texts.length] }));
      const { results } = (await post(server, '/tickets', batch)) as { readonly results: readonly Answered[] };
      const refused = results.find(({ status_code }) => status_code !== 200);
      if (refused) throw new Error(`a ticket was refused with ${refused.status_code}`);
      if (fate === 'finished')
        await Promise.all(results.map(({ body }) => post(server, `/tickets/${body.id}/complete`, {})));
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, worker));
}

async function post(server: ServerProcess, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
