import { join } from 'node:path';
import { type Finding, comparePairs } from './measure';
import { startServer } from './server-process';
import type { Workbench } from './workbench';

/** From starting the process to the first answer of `POST /ticket`, beside a bare Express server's. */
export function benchFirstAnswer({ root, progress }: Workbench): Promise<Finding> {
  return comparePairs(
    'Start to first answer of POST /ticket',
    'ms',
    { name: 'gateway', measure: () => timeToAnswer(join(root, 'apps/gateway/dist/main.js')) },
    { name: 'bare Express', measure: () => timeToAnswer(join(__dirname, 'bare-server.js')) },
    { aim: 'gateway below 1,500 ms' },
    progress,
  );
}

async function timeToAnswer(script: string): Promise<number> {
  const start = performance.now();
  const server = await startServer(script);
  try {
    const response = await fetch(`${server.url}/ticket`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'Please send me the invoice for March again.' }),
    });
    await response.text();
    if (response.status !== 200) throw new Error(`${script} answered ${response.status}`);
    return performance.now() - start;
  } finally {
    await server.stop();
  }
}
