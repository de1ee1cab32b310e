import { setTimeout as sleep } from 'node:timers/promises';
import { type Ledger, wasAccepted } from '../../harness/ledger';
import { readGatewayLog } from '../../harness/app-log';
import type { ChaosEnvironment } from './environment';
import type { Fault, FaultKind } from './plan';

/** What a {@link FaultInjector} works with. */
export interface FaultDirectorOptions {
  readonly plan: readonly Fault[];
  readonly parts: ChaosEnvironment;
  readonly ledger: Ledger;
  /** Prints a line for each fault as it happens. */
  readonly print: (line: string) => void;
}

const LOOK_MS = 50;
/** Longest time for a handoff, in milliseconds. */
const HANDOFF_MS = 60_000;

/** A fault that never overlaps with another of these kinds. */
type ExclusiveFault = Extract<Fault, { kind: 'redis-restart' | 'gateway-kill' | 'failover' | 'reshard' }>;

/** Injects the planned faults, each when so many tickets were sent. */
export class FaultInjector {
  /** How often each kind has happened. */
  readonly happened: Record<FaultKind, number> = {
    'worker-kill': 0,
    'worker-stop': 0,
    'redis-restart': 0,
    'gateway-kill': 0,
    failover: 0,
    reshard: 0,
    cut: 0,
  };
  private sent = 0;
  private over = false;
  /** Faults of Redis and kills of the gateway follow one another. */
  private exclusive = Promise.resolve();

  constructor(private readonly options: FaultDirectorOptions) {}

  /** Sets the number of tickets sent so far. */
  setSentCount(sent: number): void {
    this.sent = sent;
  }

  /** Injects nothing more. */
  stop(): void {
    this.over = true;
  }

  /** Resolves when every fault has happened and all workers take tickets again. */
  async injectAll(): Promise<void> {
    for (const fault of this.options.plan) {
      while (this.sent < fault.at && !this.over) await sleep(LOOK_MS);
      if (this.over) break;
      await this.inject(fault);
    }
    await this.exclusive;
    const { workerPool } = this.options.parts.environment;
    while (!this.over && workerPool.readyCount < workerPool.size) {
      workerPool.throwIfFailed();
      await sleep(LOOK_MS);
    }
  }

  private async inject(fault: Fault): Promise<void> {
    const { environment, store } = this.options.parts;
    const { workerPool } = environment;
    switch (fault.kind) {
      case 'cut':
        store.proxy?.scheduleCut(fault.reply, fault.part);
        this.happened.cut += 1;
        return;
      case 'worker-kill':
        await this.whenPossible(() => workerPool.killWorker(fault.worker));
        this.happened['worker-kill'] += 1;
        return;
      case 'worker-stop':
        await this.whenPossible(async () => workerPool.pauseWorker(fault.worker, fault.forMs));
        this.happened['worker-stop'] += 1;
        return;
      case 'redis-restart':
      case 'gateway-kill':
      case 'failover':
      case 'reshard':
        // The small faults go on meanwhile.
        this.exclusive = this.exclusive.then(() => (this.over ? undefined : this.injectExclusive(fault)));
        return;
    }
  }

  private injectExclusive(fault: ExclusiveFault): Promise<void> {
    switch (fault.kind) {
      case 'gateway-kill':
        return this.killGateway();
      case 'redis-restart':
        return this.restartRedis(fault);
      case 'failover':
        return this.failOver(fault);
      case 'reshard':
        return this.reshard();
    }
  }

  /** Repeats until the fault has a target. */
  private async whenPossible(hit: () => Promise<boolean>): Promise<void> {
    while (!(await hit()) && !this.over) {
      this.options.parts.environment.workerPool.throwIfFailed();
      await sleep(LOOK_MS);
    }
  }

  private async restartRedis({ signal, awayMs }: Extract<Fault, { kind: 'redis-restart' }>): Promise<void> {
    const { redis } = this.options.parts.store;
    if (!redis) return;
    await redis.kill(signal);
    this.options.print(`${signal} to Redis`);
    await sleep(awayMs);
    if (this.over) return;
    await redis.restart();
    this.happened['redis-restart'] += 1;
    this.options.print(`Redis is back after ${awayMs} ms`);
    await this.waitForHandoff();
  }

  private async failOver({ how, awayMs }: Extract<Fault, { kind: 'failover' }>): Promise<void> {
    const { movingStore } = this.options.parts.store;
    this.options.print(`the master of Redis is about to go (${how})`);
    await movingStore?.failOver(how, awayMs);
    this.happened.failover += 1;
    this.options.print('another server has taken over, and the old one is its replica');
    await this.waitForHandoff();
  }

  private async reshard(): Promise<void> {
    const { movingStore } = this.options.parts.store;
    await movingStore?.reshard();
    this.happened.reshard += 1;
    this.options.print("the domain's slot has moved to another node");
    await this.waitForHandoff();
  }

  private async killGateway(): Promise<void> {
    await this.waitForHandoff();
    if (this.over) return;
    const { gateway } = this.options.parts.environment;
    await gateway.kill();
    this.options.print('SIGKILL to the gateway');
    const sent = this.options.ledger.size;
    await gateway.start();
    this.happened['gateway-kill'] += 1;
    await this.waitUntilAccepted(sent);
  }

  /**
   * Waits until the first tickets that were sent are accepted: what the killed gateway had sent to Redis without answering, the new one does not know.
   * While Redis is away it would route that by itself, which is a decision of the design, too.
   */
  private async waitUntilAccepted(count: number): Promise<void> {
    const start = Date.now();
    while (!this.over && Date.now() - start < HANDOFF_MS) {
      if (this.options.ledger.entries().slice(0, count).every(wasAccepted)) return;
      await sleep(10 * LOOK_MS);
    }
  }

  /** Waits until every ticket that the gateway routed in-process is in the store; before, it would be lost with that process. */
  private async waitForHandoff(): Promise<void> {
    const { parts, print } = this.options;
    const start = Date.now();
    while (!this.over) {
      try {
        const { statuses } = await readGatewayLog(parts.environment.gatewayLog);
        if (await parts.reader.allKnown([...statuses.keys()])) break;
      } catch {
        // Redis is not there yet.
      }
      if (Date.now() - start > HANDOFF_MS) {
        print(`not everything that was routed in-process is in Redis after ${HANDOFF_MS} ms; going on`);
        break;
      }
      await sleep(10 * LOOK_MS);
    }
  }
}
