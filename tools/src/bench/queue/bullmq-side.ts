import { createRequire } from 'node:module';
import { join } from 'node:path';
import { inFlight } from '../whole-passes';
import {
  FILLING_CALLS,
  type QueueSide,
  type SideSettings,
  type SideTask,
  TICKETS_PER_FILLING_CALL,
  callsOf,
  serveAsSide,
  timed,
} from './queue-side';

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

/** As much of the rival as is used: it has no types here, for it is not installed with the workspace. */
interface BullMq {
  readonly Queue: new (name: string, options: ConnectionSettings) => Queue;
  readonly Worker: new (
    name: string,
    processor: (job: Job) => Promise<unknown>,
    options: ConnectionSettings & { readonly autorun: false; readonly concurrency: number },
  ) => Worker;
}

const QUEUE = 'tickets';

/** BullMQ as its documentation shows it: one worker, completed jobs and their results are kept. */
class BullMqSide implements QueueSide {
  private readonly bullmq: BullMq;
  private readonly connection: ConnectionSettings;

  constructor(private readonly settings: SideSettings) {
    this.bullmq = createRequire(join(settings.packages, 'package.json'))('bullmq') as BullMq;
    const { hostname, port } = new URL(settings.redis);
    this.connection = { connection: { host: hostname, port: Number(port) } };
  }

  async run(task: SideTask): Promise<number> {
    const queue = new this.bullmq.Queue(QUEUE, this.connection);
    try {
      await queue.waitUntilReady();
      return task.what === 'add' ? await this.add(queue, task) : await this.process(queue, task);
    } finally {
      await queue.close();
    }
  }

  private async add(
    queue: Queue,
    { tickets, inFlight: callers, ticketsPerCall }: Omit<Extract<SideTask, { what: 'add' }>, 'what'>,
  ): Promise<number> {
    const calls = callsOf(tickets, ticketsPerCall).map((numbers) => numbers.map((number) => this.data(number)));
    const add = ([first, ...others]: readonly JobData[]): Promise<unknown> => {
      if (!first) throw new Error('there are no texts');
      if (others.length === 0) return queue.add('ticket', first);
      return queue.addBulk([first, ...others].map((data) => ({ name: 'ticket', data })));
    };
    const milliseconds = await timed(() => inFlight(calls, callers, add));
    await expectCount(queue, 'waiting', tickets);
    return milliseconds;
  }

  private async process(
    queue: Queue,
    { tickets, concurrency }: Extract<SideTask, { what: 'process' }>,
  ): Promise<number> {
    await this.add(queue, { tickets, inFlight: FILLING_CALLS, ticketsPerCall: TICKETS_PER_FILLING_CALL });
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

  private data(number: number): JobData {
    const { texts } = this.settings;
    return { number, text: texts[number % texts.length] ?? '' };
  }
}

async function expectCount(queue: Queue, type: string, tickets: number): Promise<void> {
  const counts = await queue.getJobCounts(type);
  if (counts[type] !== tickets) throw new Error(`${counts[type] ?? 0} of ${tickets} jobs are ${type}`);
}

serveAsSide((settings) => new BullMqSide(settings));
