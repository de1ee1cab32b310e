import { join } from 'node:path';
import { runCommand } from '../workspace/run-command';
import { type Finding, comparePairs } from './measure';
import type { Workbench } from './workbench';
import { WITHOUT_TRANSFORMERS, startServer } from './server-process';

/** Seconds of load per side and pair, after the warm-up. */
const LOAD_SECONDS = 4;

/**
 * `POST /ticket` without Redis and without transformers against a bare Express server under the same load. Both are restarted
 * for each pair, so that neither memory nor the waiting list drifts. Once with texts of about 130 characters, once with whole
 * ones. Nobody completes tickets: almost all of them go to the waiting list.
 */
export async function benchThroughput({ root, progress }: Workbench): Promise<readonly Finding[]> {
  const gateway = join(root, 'apps/gateway/dist/main.js');
  const bare = join(__dirname, 'bare-server.js');
  const answer = await answerOf(gateway);

  const underLoad = async (
    script: string,
    environment: Readonly<Record<string, string>>,
    length: string,
  ): Promise<number> => {
    const server = await startServer(script, environment);
    try {
      const generator = [join(__dirname, 'load-generator.js'), server.url, String(LOAD_SECONDS), length];
      const output = await runCommand(process.execPath, generator, root);
      return (JSON.parse(output) as { readonly perSecond: number }).perSecond;
    } finally {
      await server.stop();
    }
  };

  const compare = (title: string, length: string, wish: { readonly ratioGoal?: number }): Promise<Finding> =>
    comparePairs(
      `POST /ticket answered in the same process without transformers, 50 connections, ${title}`,
      'tickets/s',
      {
        name: 'gateway',
        measure: () => underLoad(gateway, { ...WITHOUT_TRANSFORMERS, QUEUE_MAX: '10000000' }, length),
      },
      { name: 'bare Express', measure: () => underLoad(bare, { ANSWER: answer }, length) },
      wish,
      progress,
    );
  return [
    await compare('texts of about 130 characters', 'short', { ratioGoal: 0.6 }),
    await compare('whole texts', 'whole', {}),
  ];
}

/** One ticket as the gateway answers it. */
async function answerOf(gateway: string): Promise<string> {
  const server = await startServer(gateway, WITHOUT_TRANSFORMERS);
  try {
    const response = await fetch(`${server.url}/ticket`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'The export stops half way and there is no error.' }),
    });
    if (response.status !== 200) throw new Error(`the gateway answered ${response.status}: ${await response.text()}`);
    return await response.text();
  } finally {
    await server.stop();
  }
}
