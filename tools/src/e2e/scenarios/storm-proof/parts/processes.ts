import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { wrongAnswers } from '../../../audit/http-answers';
import { CleanUp } from '../../../harness/clean-up';
import { TestEnvironment } from '../../../harness/environment';
import type { HttpClient } from '../../../harness/http-client';
import type { SingleStore } from '../../../harness/store/start-store';
import { StoreReader } from '../../../harness/store-reader';
import { type PartSetup, agentsWith, offeredOf, provePart, startProofStore } from '../environment';
import { type RunPlan, planOf } from '../plan';
import type { ProofTicket } from '../proof-domain';
import type { PartResult, RunOutcome } from '../run-outcome';
import { readState, soundnessFaults, stormFaults } from '../verdict';
import { AT_REST, CAPACITY, elevenTickets } from './eleven';

/** Numbers of workers. */
const WORKERS = [1, 2, 4];
const LEASE_MS = 1_000;
/** Most runs have tickets in flight within this time, in which a worker is killed. */
const BUSY_MS = 250;
const PATIENCE_MS = 60_000;
const LOOK_MS = 20;
const CONNECTIONS = 16;

/** The same eleven over HTTP, with real processes and the real model; a lost worker is killed. */
export async function proveProcesses(setup: PartSetup): Promise<PartResult[]> {
  const { cleanUp } = setup;
  const store = await startProofStore(cleanUp);
  const directory = mkdtempSync(join(tmpdir(), 'storm-proof-processes-'));
  cleanUp.defer(() => rmSync(directory, { recursive: true, force: true }));
  return [
    await provePart(setup, store, {
      ...{ what: 'eleven, real processes', standardRuns: 20, atOnce: 1 },
      run: async (seed) => {
        const ofRun = new CleanUp();
        cleanUp.defer(() => ofRun.dispose());
        try {
          return await runProcesses(store, directory, seed, ofRun);
        } finally {
          await ofRun.dispose();
        }
      },
      lineAfter: ({ seed, lostWorker }) => `processes: seed ${seed} done${lostWorker ? ', a worker was killed' : ''}`,
    }),
  ];
}

async function runProcesses(
  { redis, ownRedis }: SingleStore,
  directory: string,
  seed: number,
  cleanUp: CleanUp,
): Promise<RunOutcome> {
  const plan = planOf(seed);
  const prefix = `processes-${seed}`;
  const roster = agentsWith(CAPACITY);
  const environment = await TestEnvironment.start({
    ...{ root: process.cwd(), directory, cleanUp, redisUrl: redis.url, roster, filePrefix: `${prefix}-` },
    // A third of the runs lose a worker: of each number of workers as many.
    workers: WORKERS[Math.floor(seed / 3) % WORKERS.length] ?? 1,
    behaviourFor: () => 'friendly',
    // Suspected incidents open no incident, as in the other parts.
    settings: { REDIS_KEY_PREFIX: prefix, LEASE_MS: String(LEASE_MS), STORM_SUSPECTED: 'report' },
  });
  const client = environment.connect(CONNECTIONS);
  const reader = new StoreReader(ownRedis, prefix);
  const tickets = elevenTickets(plan).map(({ id, text }) => ({ id: `${prefix}-${id}`, text }));
  const ids = tickets.map(({ id }) => id);
  const offered = offeredOf(ids);
  const [lostWorker] = await Promise.all([plan.kills && killOne(environment, plan), offer(client, tickets, plan)]);
  const restless = await waitUntilAtRest(environment, reader, ids);
  const stored = await readState(
    reader,
    roster.map(({ id }) => id),
    ids,
  );
  const delivered = environment.receiver.webhooks.filter((webhook) => webhook.delivered > 0);
  const state = { ...stored, events: [...stored.events, ...delivered.map(({ id }) => id)] };
  const faults = [
    ...restless,
    ...soundnessFaults(state, offered, CAPACITY),
    ...stormFaults(state, offered),
    ...(await wrongAnswers(client, state)),
    ...delivered.filter(({ bodies }) => bodies.size > 1).map(({ id }) => `${id} had different bodies`),
    ...(plan.kills && !lostWorker ? ['No worker could be killed'] : []),
  ];
  return {
    ...{ seed, prefix, lostWorker, lostTickets: 0, changed: 0, late: 0, mayWait: false, faults },
    ...(faults.length > 0 ? { evidence: state } : {}),
  };
}

/** Sends tickets, one by one or all at once. @throws Error if one is not accepted for the workers */
async function offer(client: HttpClient, tickets: readonly ProofTicket[], { gapMs, random }: RunPlan): Promise<void> {
  const send = async (ticket: object): Promise<void> => {
    const { status, trouble } = await client.send('POST', '/ticket', ticket);
    if (status !== 202) throw new Error(`A ticket was answered ${status} ${trouble ?? ''}`);
  };
  const sent: Promise<void>[] = [];
  for (const [index, { id, text }] of tickets.entries()) {
    sent.push(send({ id, text, requester: index % 2 === 0 ? `${id}@example.org` : null }));
    if (gapMs > 0) await sleep(gapMs * random());
  }
  await Promise.all(sent);
}

/** SIGKILL to a worker while it works. */
async function killOne({ workerPool }: TestEnvironment, { moment, random }: RunPlan): Promise<boolean> {
  await sleep(BUSY_MS * moment);
  return workerPool.killWorker(Math.floor(workerPool.size * random()));
}

/** Waits until all tickets are at rest and all events are delivered. @returns those that are not after a minute */
async function waitUntilAtRest(
  { workerPool }: TestEnvironment,
  reader: StoreReader,
  ids: readonly string[],
): Promise<string[]> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    workerPool.throwIfFailed();
    const statuses = await reader.statuses(ids);
    const restless = ids.filter((_, index) => !AT_REST.includes(statuses[index] ?? 'none'));
    const undelivered = (await reader.outboxEvents()).length;
    if (restless.length === 0 && undelivered === 0) return [];
    if (Date.now() > deadline) return [...restless.map((id) => `${id} is not at rest`), `${undelivered} events`];
    await sleep(LOOK_MS);
  }
}
