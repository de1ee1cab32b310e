import { setTimeout as sleep } from 'node:timers/promises';
import type { Phase, RunReport } from './run-report';
import type { PlannedRequest } from './traffic/planned-requests';
import { ChaosRun } from './chaos-run';
import type { ChaosSetup } from './environment';

/** Longest time for a change of the gateway's mode, in milliseconds. */
const MODE_CHANGE_MS = 30_000;
const LOOK_MS = 25;

/**
 * Sync, async, sync, async under load: starts without Redis, which then comes, goes and comes back. The tickets of the whole run are
 * spread over the phases by the rate; sending ends with the last phase.
 */
export async function redisComesAndGoes(setup: ChaosSetup): Promise<RunReport> {
  const run = await ChaosRun.start(setup, { redisUp: false, throughProxy: false, limitsBacklog: false });
  const { progress, ledger } = run;
  const { client, store } = run.parts;
  const phaseMs = 1000 * setup.options.phaseSeconds;
  let over = false;
  setup.cleanUp.defer(() => {
    over = true;
  });

  function* untilOver(requests: readonly PlannedRequest[]): Iterable<PlannedRequest> {
    for (const request of requests) {
      if (over) return;
      yield request;
    }
  }

  const start = Date.now();
  const sending = run.sendAll(untilOver(run.plannedRequests()));
  const marks: { readonly name: string; readonly at: number }[] = [];
  const mark = (name: string): void => {
    marks.push({ name, at: Date.now() });
    progress.printTimed(name);
  };
  const mode = async (wanted: string): Promise<void> => {
    const deadline = Date.now() + MODE_CHANGE_MS;
    while (!over) {
      const { body } = await client.send('GET', '/health');
      if ((body as { readonly mode?: string } | undefined)?.mode === wanted) return;
      if (Date.now() > deadline)
        throw new Error(`The gateway does not change to ${wanted} within ${MODE_CHANGE_MS} ms`);
      await sleep(LOOK_MS);
    }
  };

  mark('Redis away from the start');
  await sleep(phaseMs);
  for (const last of [false, true]) {
    mark(last ? 'Redis is coming back' : 'Redis is coming');
    await store.redis?.restart();
    await mode('async');
    mark(last ? 'async again' : 'async');
    await sleep(phaseMs);
    if (last) break;
    mark('Redis was killed');
    await store.redis?.kill('SIGKILL');
    await mode('sync');
    mark('sync again');
    await sleep(phaseMs);
  }
  over = true;
  await sending;
  const end = Date.now();

  const phases = marks.map(({ name, at }, index): Phase => {
    const to = marks[index + 1]?.at ?? end + 1;
    return { name, fromMs: at - start, toMs: to - start, ...ledger.countAnswers(at, to) };
  });
  return run.conclude({ plan: [], happened: {}, phases });
}
