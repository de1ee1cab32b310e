import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CleanUp } from '../../../harness/clean-up';
import { freePort } from '../../../harness/free-port';
import { Gateway } from '../../../harness/gateway';
import { HttpClient } from '../../../harness/http-client';
import { WebhookReceiver } from '../../../harness/webhook-receiver';
import { WorkerPool } from '../../../harness/worker-pool';
import { shuffled } from '../../../../train/random';
import { DomainReader } from '../audit/domain-reader';
import { wrongAnswers } from '../audit/http-answers';
import { unsoundness, wrongStorm } from '../audit/verdict';
import { type PartSetup, type ProofServer, agentsWith, openServer, withHistory } from '../environment';
import { type RunPlan, planOf } from '../plan';
import { type PartResult, type RunOutcome, makeRuns, seedsFrom } from '../run-outcome';
import { ELEVEN, UNRELATED } from '../texts';

const STANDARD_RUNS = 20;
const CREWS = [1, 2, 4];
const CAPACITY = 30;
const LEASE_MS = 1_000;
/** By then all tickets of a run are usually done: a worker that vanishes does so before. */
const BUSY_MS = 250;
const PATIENCE_MS = 60_000;
const LOOK_MS = 20;
const CONNECTIONS = 16;
const AT_REST = ['assigned', 'waiting', 'suppressed'];

/** The same eleven over HTTP, with real processes and the real model; a worker that vanishes is killed. */
export async function proveProcesses(setup: PartSetup): Promise<PartResult[]> {
  const { runs = STANDARD_RUNS, seed, say, cleanUp } = setup;
  const stage = await openServer(cleanUp);
  const directory = mkdtempSync(join(tmpdir(), 'storm-proof-processes-'));
  cleanUp.defer(() => rmSync(directory, { recursive: true, force: true }));
  const startedAt = Date.now();
  const outcomes = await makeRuns(
    seedsFrom(seed, runs),
    1,
    async (one) => {
      const own = new CleanUp();
      cleanUp.defer(() => own.dispose());
      try {
        return await runProcesses(stage, directory, one, own);
      } finally {
        await own.dispose();
      }
    },
    ({ seed: one, lostWorker }) => say(`processes: seed ${one} done${lostWorker ? ', a worker was killed' : ''}`),
  );
  return [await withHistory('eleven, real processes', stage, outcomes, startedAt)];
}

/** What a run over HTTP works with. */
interface ProcessStage {
  readonly prefix: string;
  readonly client: HttpClient;
  readonly workerPool: WorkerPool;
  readonly receiver: WebhookReceiver;
  readonly reader: DomainReader;
}

async function runProcesses(
  server: ProofServer,
  directory: string,
  seed: number,
  cleanUp: CleanUp,
): Promise<RunOutcome> {
  const plan = planOf(seed);
  const agents = agentsWith(CAPACITY);
  const agentIds = agents.map(({ id }) => id);
  const rosterFile = join(directory, 'roster.json');
  writeFileSync(rosterFile, JSON.stringify({ agents }));
  // A third of the runs lose a worker: of each workerPool as many.
  const workers = CREWS[Math.floor(seed / 3) % CREWS.length] ?? 1;
  const stage = await openProcesses(server, { directory, rosterFile, workers, prefix: `processes-${seed}`, cleanUp });
  const { prefix, client, reader } = stage;

  const alike = shuffled(ELEVEN, plan.random).slice(0, plan.isCalm ? -1 : undefined);
  const tickets = shuffled([...alike, ...UNRELATED], plan.random).map((text, index) => ({
    id: `${prefix}-${alike.includes(text) ? 'alike' : 'other'}-${index}`,
    text,
  }));
  const ids = tickets.map(({ id }) => id);
  const offered = {
    alike: ids.filter((id) => id.includes('-alike-')),
    others: ids.filter((id) => id.includes('-other-')),
  };
  const [lostWorker] = await Promise.all([plan.kills && killOne(stage, plan), offer(stage, tickets, plan)]);
  const restless = await restlessAfterAll(stage, ids);
  const stored = await reader.state(ids, agentIds);
  const delivered = stage.receiver.webhooks.filter((webhook) => webhook.delivered > 0);
  const state = { ...stored, events: [...stored.events, ...delivered.map(({ id }) => id)] };
  const faults = [
    ...restless,
    ...unsoundness(state, offered, CAPACITY),
    ...wrongStorm(state, offered),
    ...(await wrongAnswers(client, state)),
    ...delivered.filter(({ bodies }) => bodies.size > 1).map(({ id }) => `${id} was told in different words`),
  ];
  if (plan.kills && !lostWorker) faults.push('No worker could be killed');
  return {
    ...{ seed, prefix, lostWorker, lostTickets: 0, changed: 0, late: 0, mayWait: false, faults },
    ...(faults.length > 0 ? { evidence: state } : {}),
  };
}

async function openProcesses(
  { server, redis }: ProofServer,
  setup: {
    readonly directory: string;
    readonly rosterFile: string;
    readonly workers: number;
    readonly prefix: string;
    readonly cleanUp: CleanUp;
  },
): Promise<ProcessStage> {
  const { directory, rosterFile, workers, prefix, cleanUp } = setup;
  const receiver = await WebhookReceiver.start(() => 'friendly');
  cleanUp.defer(() => receiver.close());
  const environment = {
    HOST: '127.0.0.1',
    REDIS_URL: server.url,
    REDIS_KEY_PREFIX: prefix,
    LEASE_MS: String(LEASE_MS),
    INFERENCE_THREADS: '1',
    // As in the other parts.
    STORM_SUSPECTED: 'report',
    AGENTS_FILE: rosterFile,
    WEBHOOK_URL: receiver.url,
    WEBHOOK_SECRET: receiver.secret,
  };
  const port = await freePort();
  const gateway = new Gateway(port, {
    script: join(process.cwd(), 'apps/gateway/dist/main.js'),
    environment: { ...environment, PORT: String(port) },
    logFile: join(directory, `${prefix}-gateway.log`),
  });
  cleanUp.defer(() => gateway.kill());
  const workerPool = new WorkerPool(workers, (index) => ({
    script: join(process.cwd(), 'apps/worker/dist/main.js'),
    environment: { ...environment, WORKER_PORT: '0' },
    logFile: join(directory, `${prefix}-worker-${index}.log`),
  }));
  cleanUp.defer(() => workerPool.killAll());
  await Promise.all([gateway.start(), workerPool.startAll({ wait: true })]);
  const client = new HttpClient(port, CONNECTIONS);
  cleanUp.defer(() => client.close());
  return { prefix, client, workerPool, receiver, reader: new DomainReader(redis, prefix) };
}

/** Offers tickets, one by one or all at once. @throws Error if one is not taken for the workers */
async function offer(
  { client }: ProcessStage,
  tickets: readonly { readonly id: string; readonly text: string }[],
  { gapMs, random }: RunPlan,
): Promise<void> {
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
async function killOne({ workerPool }: ProcessStage, { moment, random }: RunPlan): Promise<boolean> {
  await sleep(BUSY_MS * moment);
  return workerPool.killWorker(Math.floor(workerPool.size * random()));
}

/** Waits until all tickets are at rest and all events are delivered. @returns what is not when it takes too long */
async function restlessAfterAll({ reader, workerPool }: ProcessStage, ids: readonly string[]): Promise<string[]> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    workerPool.throwIfFailed();
    const statuses = await reader.statuses(ids);
    const restless = ids.filter((_, index) => !AT_REST.includes(statuses[index] ?? 'none'));
    const undelivered = await reader.eventCount();
    if (restless.length === 0 && undelivered === 0) return [];
    if (Date.now() > deadline) return [...restless.map((id) => `${id} does not come to rest`), `${undelivered} events`];
    await sleep(LOOK_MS);
  }
}
