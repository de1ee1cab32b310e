import { join } from 'node:path';
import { runCommand } from '../../workspace/run-command';
import { type Finding, comparePairs } from '../measure';
import { PERSISTENCE, withRedis } from '../queue/bench-redis';
import { type ServerProcess, startServer } from '../server-process';
import type { Workbench } from '../workbench';
import { startGateway } from './fleet';

/** Seconds of load per side and pair, after the warm-up. */
const LOAD_SECONDS = 4;

/**
 * `POST /ticket` to 202 of a gateway whose workers do not work, against a bare Express server that does one `LPUSH`. Both are restarted
 * for each pair, with an empty Redis. Whole texts; the same load for both.
 */
export async function benchGatewayAsync({ root, progress }: Workbench): Promise<readonly Finding[]> {
  return withRedis(async (redis) => {
    const gateway = (): Promise<ServerProcess> => startGateway(root, redis.url);
    const answer = await answerOf(await gateway());
    const bare = (): Promise<ServerProcess> =>
      startServer(join(__dirname, 'bare-push-server.js'), { ANSWER: answer, REDIS_URL: redis.url });

    const underLoad = async (start: () => Promise<ServerProcess>): Promise<number> => {
      await redis.command('FLUSHALL');
      const server = await start();
      try {
        const generator = [join(__dirname, '../load-generator.js'), server.url, String(LOAD_SECONDS), 'whole'];
        const output = await runCommand(process.execPath, generator, root);
        return (JSON.parse(output) as { readonly perSecond: number }).perSecond;
      } finally {
        await server.stop();
      }
    };
    return [
      await comparePairs(
        `POST /ticket to 202, whole texts, 50 connections; Redis with ${PERSISTENCE}`,
        'tickets/s',
        { name: 'gateway', measure: () => underLoad(gateway) },
        { name: 'bare Express with one LPUSH', measure: () => underLoad(bare) },
        { ratioGoal: 0.8 },
        progress,
      ),
    ];
  });
}

/** One ticket as the gateway answers it. */
async function answerOf(gateway: ServerProcess): Promise<string> {
  try {
    const response = await fetch(`${gateway.url}/ticket`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'The export stops half way and there is no error.' }),
    });
    if (response.status !== 202) throw new Error(`the gateway answered ${response.status}: ${await response.text()}`);
    return await response.text();
  } finally {
    await gateway.stop();
  }
}
