import { createRequire } from 'node:module';
import { join } from 'node:path';
import { serveRequests } from '../measured-process';
import { inFlight } from '../whole-passes';
import { callsOf, FILLING, sideServer, type SideSettings, type SideTask, timed } from './side-task';

interface JobData {
  readonly number: number;
  readonly text: string;
}

interface Job {
  readonly data: JobData;
}

interface Connected {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

interface Queue extends Connected {
  add(name: string, data: JobData): Promise<unknown>;
  addBulk(jobs: readonly { readonly name: string; readonly data: JobData }[]): Promise<unknown>;
  getJobCounts(...types: readonly string[]): Promise<Readonly<Record<string, number>>>;
}

interface Worker extends Connected {
  on(event: 'completed', listener: () => void): void;
  on(event: 'failed' | 'error', listener: (...args: readonly unknown[]) => void): void;
  run(): Promise<void>;
}

interface ConnectionSettings {
  readonly connection: { readonly host: string; readonly port: number };
}

/** The used part of the rival's types, which are not installed with the workspace. */
interface BullMq {
  readonly Queue: new (name: string, options: ConnectionSettings) => Queue;
  readonly Worker: new (
    name: string,
    processor: (job: Job) => Promise<unknown>,
    options: ConnectionSettings & { readonly autorun: false; readonly concurrency: number },
  ) => Worker;
}

const QUEUE = 'tickets';

/** BullMQ as its documentation shows it: one worker; completed jobs and their results are kept. */
class BullMqSide {
  private readonly bullmq: BullMq;
  private readonly connection: ConnectionSettings;

  constructor(private readonly settings: SideSettings) {
    this.bullmq = createRequire(join(settings.packages, 'package.json'))('bullmq') as BullMq;
    const { hostname, port } = new URL(settings.redis);
    this.connection = { connection: { host: hostname, port: Number(port) } };
  }

  async measure(task: SideTask): Promise<number> {
    const queue = new this.bullmq.Queue(QUEUE, this.connection);
    try {
      await queue.waitUntilReady();
      if (task.type === 'add') return await this.addJobs(queue, task);
      await this.addJobs(queue, { ...task, ...FILLING });
      return await this.processJobs(queue, task);
    } finally {
      await queue.close();
    }
  }

  private async addJobs(
    queue: Queue,
    { tickets, callers, ticketsPerCall }: { tickets: number; callers: number; ticketsPerCall: number },
  ): Promise<number> {
    const { texts } = this.settings;
    const jobOf = (number: number) => ({ name: 'ticket', data: { number, text: texts[number % texts.length] ?? '' } });
    const calls = callsOf(tickets, ticketsPerCall).map((numbers) => numbers.map(jobOf));
    const milliseconds = await timed(() =>
      inFlight(calls, callers, ([first, ...others]) =>
        first && others.length === 0
          ? queue.add(first.name, first.data)
          : queue.addBulk(first ? [first, ...others] : []),
      ),
    );
    await expectCount(queue, 'waiting', tickets);
    return milliseconds;
  }

  private async processJobs(
    queue: Queue,
    { tickets, concurrency }: Extract<SideTask, { type: 'process' }>,
  ): Promise<number> {
    const { decisions } = this.settings;
    const worker = new this.bullmq.Worker(QUEUE, async ({ data }) => decisions[data.number % decisions.length], {
      ...this.connection,
      autorun: false,
      concurrency,
    });
    try {
      await worker.waitUntilReady();
      const milliseconds = await timed(
        () =>
          new Promise<void>((resolve, reject) => {
            let done = 0;
            worker.on('completed', () => {
              done += 1;
              if (done === tickets) resolve();
            });
            worker.on('failed', (_job, error) => reject(error));
            worker.on('error', reject);
            worker.run().catch(reject);
          }),
      );
      await expectCount(queue, 'completed', tickets);
      return milliseconds;
    } finally {
      await worker.close();
    }
  }
}

async function expectCount(queue: Queue, type: string, tickets: number): Promise<void> {
  const counts = await queue.getJobCounts(type);
  if (counts[type] !== tickets) throw new Error(`${counts[type] ?? 0} of ${tickets} jobs are ${type}`);
}

serveRequests(
  sideServer((settings) => {
    const side = new BullMqSide(settings);
    return (task) => side.measure(task);
  }),
);
