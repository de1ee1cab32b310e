import { join } from 'node:path';
import { type Finding, comparePairs } from './measure';
import { post } from './post-tickets';
import { type ServerProcess, WITHOUT_TRANSFORMERS, startGateway, startServer } from './server-process';
import type { Workbench } from './workbench';

/** From the start of the process to the first answer of `POST /ticket`: without transformers against a bare Express server, then with the bundled model. */
export async function benchFirstAnswer({ root, progress }: Workbench): Promise<readonly Finding[]> {
  const withoutTransformers = {
    name: 'gateway without transformers',
    measure: () => timeToAnswer(() => startGateway(root, WITHOUT_TRANSFORMERS), 'baseline'),
  };
  return [
    await comparePairs(
      'Start to first answer of POST /ticket, without transformers',
      'ms',
      withoutTransformers,
      { name: 'bare Express', measure: () => timeToAnswer(() => startServer(join(__dirname, 'bare-server.js'))) },
      { aim: 'gateway below 1,500 ms' },
      progress,
    ),
    await comparePairs(
      'Start to first answer of POST /ticket by the bundled model, its files already in the page cache',
      'ms',
      { name: 'gateway with its model', measure: () => timeToAnswer(() => startGateway(root), 'transformer') },
      withoutTransformers,
      { aim: 'gateway with its model below 2,000 ms' },
      progress,
    ),
  ];
}

/** @param family - the models that must give the first answer; not checked if left out */
async function timeToAnswer(
  startOne: () => Promise<ServerProcess>,
  family?: 'baseline' | 'transformer',
): Promise<number> {
  const start = performance.now();
  const server = await startOne();
  try {
    const answer = (await post(server.url, '/ticket', { text: 'Please send me the invoice for March again.' })) as {
      readonly model?: unknown;
    };
    const milliseconds = performance.now() - start;
    if (family !== undefined && answer.model !== family)
      throw new Error(`The first answer is by ${String(answer.model)}, not by ${family}`);
    return milliseconds;
  } finally {
    await server.stop();
  }
}
