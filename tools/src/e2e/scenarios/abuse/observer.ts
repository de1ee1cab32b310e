import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { usedMemory } from '../../../bench/bench-redis';
import { loopDelayIn, metricIn } from '../../../bench/gateway-metrics';
import { HttpClient } from '../../harness/http-client';
import type { AttackedEnvironment } from './environment';

/** What an honest caller and an operator saw during an attack. */
export interface Observation {
  /** Waits of the honest caller, in milliseconds. */
  readonly waitsMs: readonly number[];
  /** The honest caller's answers by status; 0 if there was none. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Peak lateness of the gateway's event loop, in milliseconds. */
  readonly lateMs: number;
  /** Times that the gateway changed between Redis and itself. */
  readonly modeChanges: number;
  /** Peak memory of each process, in megabytes; 0 for one that does not run. */
  readonly gatewayMb: number;
  readonly workerMb: number;
  readonly redisMb: number;
}

/** Pause between two requests of the honest caller, who sends a ticket and asks whether the gateway is alive in turn. */
const CALL_MS = 50;

/** Pause between two looks at the processes. */
const LOOK_MS = 500;

/** Runs an attack while an honest caller sends requests and the processes are monitored. */
export async function observe(attacked: AttackedEnvironment, attack: () => Promise<void>): Promise<Observation> {
  const modesBefore = modeChangesIn(attacked);
  const monitor = await ProcessMonitor.open(attacked);
  const caller = new HonestCaller(attacked);
  const watching = [caller.call(), monitor.watch()];
  try {
    await attack();
  } finally {
    caller.isDone = true;
    monitor.isDone = true;
    await Promise.all(watching);
  }
  return { ...caller.seen(), ...monitor.seen(), modeChanges: modeChangesIn(attacked) - modesBefore };
}

function modeChangesIn({ environment }: AttackedEnvironment): number {
  return readFileSync(environment.gatewayLog, 'utf8').split('"mode":"').length - 1;
}

class HonestCaller {
  isDone = false;
  private readonly waitsMs: number[] = [];
  private readonly statuses = new Map<number, number>();
  private readonly client: HttpClient;

  constructor({ port, callers }: AttackedEnvironment) {
    this.client = new HttpClient(port, 4, callers.honest);
  }

  async call(): Promise<void> {
    for (let number = 1; !this.isDone; number += 1) {
      const asked =
        number % 2 === 0
          ? this.client.send('GET', '/livez')
          : this.client.send('POST', '/ticket', {
              text: `Question ${number}: how do I change the language of page ${number}?`,
            });
      const { status, waitedMs } = await asked;
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      this.waitsMs.push(waitedMs);
      await sleep(CALL_MS);
    }
    this.client.close();
  }

  seen(): Pick<Observation, 'waitsMs' | 'statuses'> {
    return { waitsMs: this.waitsMs, statuses: this.statuses };
  }
}

class ProcessMonitor {
  isDone = false;
  private lateMs = 0;
  private gatewayMb = 0;
  private workerMb = 0;
  private redisMb = 0;

  private constructor(private readonly attacked: AttackedEnvironment) {}

  /** The first request resets the lateness measured before. */
  static async open(attacked: AttackedEnvironment): Promise<ProcessMonitor> {
    const monitor = new ProcessMonitor(attacked);
    await monitor.metrics(attacked.port);
    return monitor;
  }

  async watch(): Promise<void> {
    while (!this.isDone) {
      await sleep(LOOK_MS);
      await this.look();
    }
    await this.look();
  }

  seen(): Pick<Observation, 'lateMs' | 'gatewayMb' | 'workerMb' | 'redisMb'> {
    return { lateMs: this.lateMs, gatewayMb: this.gatewayMb, workerMb: this.workerMb, redisMb: this.redisMb };
  }

  private async look(): Promise<void> {
    const { port, workerPort, redis } = this.attacked;
    const gateway = await this.metrics(port);
    if (gateway !== undefined) {
      this.lateMs = Math.max(this.lateMs, loopDelayIn(gateway, 'max'));
      this.gatewayMb = Math.max(this.gatewayMb, metricIn(gateway, 'process_resident_memory_bytes') / 1e6);
    }
    const worker = workerPort === undefined ? undefined : await this.metrics(workerPort);
    if (worker !== undefined)
      this.workerMb = Math.max(this.workerMb, metricIn(worker, 'process_resident_memory_bytes') / 1e6);
    if (!redis) return;
    this.redisMb = Math.max(this.redisMb, (await usedMemory(redis)) / 1e6);
  }

  private async metrics(port: number): Promise<string | undefined> {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: this.attacked.callers.operator });
      return response.ok ? await response.text() : undefined;
    } catch {
      // Whether it still runs is judged at the end of the attack.
      return undefined;
    }
  }
}
