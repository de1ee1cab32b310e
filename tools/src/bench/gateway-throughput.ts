import { join } from 'node:path';
import { PERSISTENCE, withRedis } from './bench-redis';
import { AGAINST_GOAL, type Finding, comparePairs } from './measure';
import { post } from './post-tickets';
import { runLoad, type ServerProcess, startGateway, startServer, WITHOUT_TRANSFORMERS } from './server-process';
import type { Workbench } from './workbench';

/** Seconds of load per side and pair, after the warm-up. */
const LOAD_SECONDS = 4;

const BARE_SERVER = join(__dirname, 'bare-server.js');

/**
 * Tickets a second that the gateway answers in its own process against a bare Express server that gives the same answer, once with texts of about 130 characters, once with
 * whole ones. Tickets are not completed: almost all of them are queued for an agent.
 */
export async function benchThroughput({ root, progress }: Workbench): Promise<readonly Finding[]> {
  const gateway = () => startGateway(root, WITHOUT_TRANSFORMERS);
  const answer = await answerOf(await gateway());
  const bare = () => startServer(BARE_SERVER, { ANSWER: answer, STATUS: '200' });
  const compare = (title: string, length: 'short' | 'whole', wish: { readonly ratioGoal?: number }): Promise<Finding> =>
    comparePairs(
      `POST /ticket answered in the same process without transformers, 50 connections, ${title}`,
      'tickets/s',
      { name: 'gateway', measure: () => rateUnderLoad(root, gateway, length) },
      { name: 'bare Express', measure: () => rateUnderLoad(root, bare, length) },
      wish,
      progress,
    );
  return [
    await compare('texts of about 130 characters', 'short', { ratioGoal: 0.6 }),
    await compare('whole texts', 'whole', {}),
  ];
}

/** `POST /ticket` to 202 of a gateway without any worker, against a bare Express server with one `LPUSH`, or against another commit's gateway. Both are restarted for each pair, with an empty Redis. */
export async function benchGatewayAsync({ root, against, progress }: Workbench): Promise<readonly Finding[]> {
  return withRedis(async (redis) => {
    const gateway = () => startGateway(root, { REDIS_URL: redis.url });
    const answer = await answerOf(await gateway());
    const bare = () => startServer(BARE_SERVER, { ANSWER: answer, STATUS: '202', REDIS_URL: redis.url });
    const other =
      against === undefined
        ? { name: 'bare Express with one LPUSH', start: bare, ratioGoal: 0.8 }
        : {
            name: `gateway in ${against}`,
            start: () => startGateway(against, { REDIS_URL: redis.url }),
            ratioGoal: AGAINST_GOAL,
          };
    const rate = async (start: () => Promise<ServerProcess>): Promise<number> => {
      await redis.command('FLUSHALL');
      return rateUnderLoad(root, start, 'whole');
    };
    return [
      await comparePairs(
        `POST /ticket to 202, whole texts, 50 connections; Redis with ${PERSISTENCE}`,
        'tickets/s',
        { name: 'gateway', measure: () => rate(gateway) },
        { name: other.name, measure: () => rate(other.start) },
        { ratioGoal: other.ratioGoal },
        progress,
      ),
    ];
  });
}

async function rateUnderLoad(
  root: string,
  start: () => Promise<ServerProcess>,
  length: 'short' | 'whole',
): Promise<number> {
  const server = await start();
  try {
    return await runLoad(root, server, LOAD_SECONDS, length);
  } finally {
    await server.stop();
  }
}

/** One ticket as the gateway answers it. */
async function answerOf(gateway: ServerProcess): Promise<string> {
  try {
    return JSON.stringify(
      await post(gateway.url, '/ticket', { text: 'The export stops half way and there is no error.' }),
    );
  } finally {
    await gateway.stop();
  }
}
