import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentProfile } from '@smart-support/contracts';
import { Agents, type AgentsOptions } from './agents';
import type { AppLaunch } from './app-process';
import type { CleanUp } from './clean-up';
import { freePort } from './free-port';
import { Gateway } from './gateway';
import { HttpClient } from './http-client';
import type { StoreReader } from './store-reader';
import { type ReceiverBehaviour, WebhookReceiver } from './webhook-receiver';
import { WorkerPool } from './worker-pool';

/** Environment variables of an app. */
export type Settings = Readonly<Record<string, string>>;

/** How a {@link TestEnvironment} starts. */
export interface EnvironmentOptions {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Absolute path of the directory for logs and the roster. */
  readonly directory: string;
  readonly cleanUp: CleanUp;
  /** Address of Redis; the gateway runs alone if left out. */
  readonly redisUrl?: string;
  /** Workers at any time; none unless given. */
  readonly workers?: number;
  /** Whether to wait until all workers take tickets, which they do not without Redis. */
  readonly waitsForWorkers?: boolean;
  /** Settings of all apps. */
  readonly settings: Settings;
  /** Further settings of the gateway. */
  readonly gatewaySettings?: Settings;
  /** Further settings of the workers. */
  readonly workerSettings?: Settings;
  /** The agents in the roster file; no file if left out. */
  readonly roster?: readonly AgentProfile[];
  /** How the webhook receiver treats a webhook that was tried so often before; no receiver if left out. */
  readonly behaviourFor?: (tries: number) => ReceiverBehaviour;
  /** Beginning of the names of all files in the directory. */
  readonly filePrefix?: string;
}

/** A gateway, a pool of workers and a webhook receiver: real processes, on a Redis that runs already. */
export class TestEnvironment {
  private constructor(
    readonly gateway: Gateway,
    readonly workerPool: WorkerPool,
    /** Absolute paths of the logs. */
    readonly gatewayLog: string,
    readonly workerLogs: readonly string[],
    private readonly ownReceiver: WebhookReceiver | undefined,
    private readonly cleanUp: CleanUp,
  ) {}

  /** Starts everything; {@link CleanUp} ends it in the opposite order. */
  static async start(options: EnvironmentOptions): Promise<TestEnvironment> {
    const { root, directory, cleanUp, redisUrl, workers = 0, waitsForWorkers = true } = options;
    const { roster, behaviourFor, filePrefix = '' } = options;
    const file = (name: string): string => join(directory, `${filePrefix}${name}`);
    const receiver = behaviourFor && (await WebhookReceiver.start(behaviourFor));
    if (receiver) cleanUp.defer(() => receiver.close());
    if (roster) writeFileSync(file('roster.json'), JSON.stringify({ agents: roster }));
    const settings = {
      HOST: '127.0.0.1',
      // Several processes share the machine.
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl, INFERENCE_THREADS: '1' }),
      ...(receiver ? { WEBHOOK_URL: receiver.url, WEBHOOK_SECRET: receiver.secret } : {}),
      ...(roster ? { AGENTS_FILE: file('roster.json') } : {}),
      ...options.settings,
    };
    const launch = (app: 'gateway' | 'worker', logFile: string, own: Settings = {}): AppLaunch => {
      return { script: join(root, `apps/${app}/dist/main.js`), environment: { ...settings, ...own }, logFile };
    };
    const gatewayLog = file('gateway.log');
    const workerLogs = Array.from({ length: workers }, (_, index) => file(`worker-${index + 1}.log`));
    // Logs of an earlier run in the same directory.
    for (const log of [gatewayLog, ...workerLogs]) rmSync(log, { force: true });
    const port = await freePort();
    const gateway = new Gateway(
      port,
      launch('gateway', gatewayLog, { ...options.gatewaySettings, PORT: String(port) }),
    );
    cleanUp.defer(() => gateway.kill());
    const workerPool = new WorkerPool(workers, (index) =>
      launch('worker', workerLogs[index] ?? '', { WORKER_PORT: '0', ...options.workerSettings }),
    );
    cleanUp.defer(() => workerPool.killAll());
    await Promise.all([gateway.start(), workerPool.startAll({ wait: waitsForWorkers })]);
    return new TestEnvironment(gateway, workerPool, gatewayLog, workerLogs, receiver, cleanUp);
  }

  /** @throws Error if the environment has no webhook receiver */
  get receiver(): WebhookReceiver {
    if (!this.ownReceiver) throw new Error('The environment has no webhook receiver');
    return this.ownReceiver;
  }

  /** A client with connections of its own, so that its requests wait for those of no other client. */
  connect(connections: number, headers: Settings = {}): HttpClient {
    const client = new HttpClient(this.gateway.port, connections, headers);
    this.cleanUp.defer(() => client.close());
    return client;
  }

  /** Starts agents who complete what the store shows as theirs. */
  startAgents(
    roster: readonly AgentProfile[],
    store: StoreReader,
    options: Omit<AgentsOptions, 'client' | 'openTickets'>,
  ): Agents {
    const ids = roster.map(({ id }) => id);
    const agents = new Agents({ client: this.connect(64), openTickets: () => store.openTickets(ids), ...options });
    this.cleanUp.defer(() => agents.stop());
    agents.start();
    return agents;
  }
}
