import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedisServer } from '@smart-support/testing';
import type { CleanUp } from '../e2e/harness/clean-up';
import { freePort } from '../e2e/harness/free-port';
import { Gateway } from '../e2e/harness/gateway';
import { HttpClient } from '../e2e/harness/http-client';
import { WorkerPool } from '../e2e/harness/worker-pool';
import type { WrittenTicket } from '../storm-threshold/texts';
import { randomFrom } from '../train/random';
import { MINUTE_MS, START_MS, byTime, endless, steadyTraffic, withinSpan } from './schedule';
import { REPORTS, type Run, type VolumeTrial } from './volume';

/** How often the incidents are looked at, in milliseconds. */
const LOOK_MS = 500;

/** Requests under way at once, at most. */
const CONNECTIONS = 32;

interface Listed {
  readonly id: string;
  readonly status: string;
}

/**
 * The same as `tryVolume`, in real time and through real processes with their default settings: Redis, a gateway and workers. An incident is about the burst
 * if more than half of its members are reports; `openedAfter` is the number of reports sent when one was first seen to be open.
 */
export async function tryLiveVolume(
  texts: readonly WrittenTicket[],
  reports: readonly WrittenTicket[],
  { perSecond, minutes, seed, progress, workers }: Run & { readonly workers: number },
  cleanUp: CleanUp,
): Promise<Omit<VolumeTrial, 'suspectedAfter'>> {
  const random = randomFrom(seed);
  const traffic = [...steadyTraffic(endless(texts, random), { perSecond, minutes }, random)];
  const burst = Array.from({ length: reports.length === 0 ? 0 : REPORTS }, (_, at) => reports[at % reports.length]);
  const middle = withinSpan(burst, START_MS + (minutes / 2) * MINUTE_MS, MINUTE_MS, random);
  const schedule = [
    ...traffic.map(({ atMs, ticket: { text } }) => ({ atMs, ticket: text, isReport: false })),
    ...middle.map(({ atMs, ticket }) => ({ atMs, ticket: ticket?.text ?? '', isReport: true })),
  ].sort(byTime);

  const client = await openService(workers, cleanUp);
  let sentReports = 0;
  let openedAfter: number | null = null;
  let isOver = false;
  const watch = async (): Promise<void> => {
    while (!isOver) {
      await sleep(LOOK_MS);
      if (openedAfter === null && (await aboutBurst(client, 'open')).length > 0) openedAfter = sentReports;
    }
  };
  const watching = watch();
  const begun = performance.now();
  const sent: Promise<void>[] = [];
  for (const [at, { atMs, ticket, isReport }] of schedule.entries()) {
    await sleep(Math.max(0, atMs - START_MS - (performance.now() - begun)));
    if (isReport) sentReports += 1;
    const id = `${isReport ? 'report' : 'other'}-${at}`;
    sent.push(post(client, { id, text: ticket, requester: `${id}@example.org` }));
    progress?.(at + 1, schedule.length);
  }
  await Promise.all(sent);
  await allDecided(client);
  isOver = true;
  await watching;

  const incidents = (await Promise.all(['open', 'quiet', 'suspected'].map((status) => listed(client, status)))).flat();
  const about = [...(await aboutBurst(client, 'open')), ...(await aboutBurst(client, 'suspected'))];
  const others = incidents.filter(({ id }) => !about.some((one) => one.id === id));
  const members = (await Promise.all(about.map(({ id }) => membersOf(client, id)))).flat();
  const held = members.filter(isReportId).length;
  const otherSuspicions = others.filter(({ status }) => status === 'suspected').length;
  const routing = await Promise.all(incidents.map(async ({ id }) => suppressedIn(client, await membersOf(client, id))));
  return {
    ...{ tickets: schedule.length, otherIncidents: others.length - otherSuspicions, otherSuspicions },
    ...{ openedAfter, held, strangers: members.length - held },
    suppressed: routing.reduce((sum, count) => sum + count, 0),
  };
}

async function openService(workers: number, cleanUp: CleanUp): Promise<HttpClient> {
  const directory = mkdtempSync(join(tmpdir(), 'volume-'));
  const redis = await startRedisServer();
  cleanUp.defer(() => redis.stop());
  const port = await freePort();
  const environment = { REDIS_URL: redis.url, INFERENCE_THREADS: '1' };
  const gateway = new Gateway(port, {
    script: join(process.cwd(), 'apps/gateway/dist/main.js'),
    environment: { ...environment, PORT: String(port) },
    logFile: join(directory, 'gateway.log'),
  });
  cleanUp.defer(() => gateway.kill());
  const workerPool = new WorkerPool(workers, (index) => ({
    script: join(process.cwd(), 'apps/worker/dist/main.js'),
    environment: { ...environment, WORKER_PORT: '0' },
    logFile: join(directory, `worker-${index + 1}.log`),
  }));
  cleanUp.defer(() => workerPool.killAll());
  await Promise.all([gateway.start(), workerPool.startAll({ wait: true })]);
  const client = new HttpClient(port, CONNECTIONS);
  cleanUp.defer(() => client.close());
  return client;
}

async function post(client: HttpClient, ticket: object): Promise<void> {
  const { status, trouble } = await client.send('POST', '/ticket', ticket);
  if (status !== 202) throw new Error(`A ticket was answered ${status} ${trouble ?? ''}`);
}

/** Waits until the workers have decided about every ticket. */
async function allDecided(client: HttpClient): Promise<void> {
  for (;;) {
    const { lanes, in_progress } = await read<{ lanes: Record<string, number>; in_progress: number }>(client, '/queue');
    if (in_progress + Object.values(lanes).reduce((sum, count) => sum + count, 0) === 0) return;
    await sleep(LOOK_MS);
  }
}

function isReportId(ticketId: string): boolean {
  return ticketId.startsWith('report-');
}

/** Incidents of a status more than half of whose members are reports. */
async function aboutBurst(client: HttpClient, status: string): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  for (const incident of await listed(client, status)) {
    const members = await membersOf(client, incident.id);
    if (2 * members.filter(isReportId).length > members.length) found.push(incident);
  }
  return found;
}

async function listed(client: HttpClient, status: string): Promise<readonly Listed[]> {
  return (await read<{ incidents: readonly Listed[] }>(client, `/incidents?status=${status}`)).incidents;
}

async function membersOf(client: HttpClient, id: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path = `/incidents/${id}/members${cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`}`;
    const page: { members: readonly { ticket_id: string }[]; next_cursor: string | null } = await read(client, path);
    ids.push(...page.members.map(({ ticket_id }) => ticket_id));
    cursor = page.next_cursor;
  }
  return ids;
}

async function suppressedIn(client: HttpClient, ids: readonly string[]): Promise<number> {
  const tickets = await Promise.all(ids.map((id) => read<{ status: string }>(client, `/tickets/${id}`)));
  return tickets.filter(({ status }) => status === 'suppressed').length;
}

async function read<Body>(client: HttpClient, path: string): Promise<Body> {
  const { status, body } = await client.send('GET', path);
  if (status !== 200) throw new Error(`${path} was answered ${status}`);
  return body as Body;
}
