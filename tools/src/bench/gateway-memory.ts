import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { residentMegabytes } from './gateway-metrics';
import { type Finding, singleFinding } from './measure';
import { post, postTickets } from './post-tickets';
import { readSampleTexts } from './sample-tickets';
import { WITHOUT_TRANSFORMERS, startServer } from './server-process';
import type { Workbench } from './workbench';

const TICKETS = 100_000;

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
    await postTickets(server.url, readSampleTexts(root), TICKETS, 200, async (answers) => {
      if (fate === 'finished')
        await Promise.all(answers.map(({ id = '' }) => post(server.url, `/tickets/${id}/complete`, {})));
    });
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
