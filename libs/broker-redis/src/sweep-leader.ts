import type { TimerClock } from '@smart-support/contracts';
import type { Redis } from 'ioredis';
import Redlock, { type CompatibleRedisClient, type Lock } from 'redlock';

/** Rounds for which a leader without a sign of life keeps the lead. */
const ROUNDS_BELIEVED = 3;

/** Dependencies of a {@link SweepLeader}. */
export interface SweepLeaderOptions {
  readonly client: Redis;
  /** The key of the lock. */
  readonly key: string;
  readonly clock: TimerClock;
  /** The work of a leader. */
  readonly sweep: () => Promise<unknown>;
  /** Milliseconds between two rounds. */
  readonly intervalMs: number;
  /** Called with an error; the next round tries again. */
  readonly onError: (error: unknown) => void;
}

/**
 * Makes one process of many sweep. Two that sweep at once, for example after a pause of one of them, do no harm;
 * the lock only saves work.
 */
export class SweepLeader {
  private readonly redlock: Redlock;
  private lock: Lock | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;
  private cancelTimer: () => void = () => undefined;

  constructor(private readonly options: SweepLeaderOptions) {
    // ioredis also accepts its arguments as one list, which its types do not declare.
    this.redlock = new Redlock([options.client as unknown as CompatibleRedisClient], {
      retryCount: 0,
      lockScript: alsoWhenFull,
      extendScript: alsoWhenFull,
    });
    // The call that failed reports the error.
    this.redlock.on('clientError', () => undefined);
    this.goOn();
  }

  /** Stops sweeping and releases the lead at once. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelTimer();
    await this.running;
    await this.lock?.unlock().catch(() => undefined);
  }

  private goOn(): void {
    this.cancelTimer = this.options.clock.after(this.options.intervalMs, () => {
      this.running = this.round().then(() => {
        if (!this.stopped) this.goOn();
      });
    });
  }

  private async round(): Promise<void> {
    try {
      if (await this.leads()) await this.options.sweep();
    } catch (error) {
      this.options.onError(error);
    }
  }

  private async leads(): Promise<boolean> {
    const { key, intervalMs } = this.options;
    const ttl = intervalMs * ROUNDS_BELIEVED;
    try {
      this.lock = await (this.lock ? this.lock.extend(ttl) : this.redlock.lock(key, ttl));
      return true;
    } catch {
      // Another process leads, or the store is away: the next command shows which.
      this.lock = undefined;
      return false;
    }
  }
}

/** A full store refuses only the first write of a script, and no deletion: see `store.allow_writes_when_full`. The key never exists. */
function alsoWhenFull(script: string): string {
  return `redis.call('SREM', KEYS[1] .. ':absent', '')\n${script}`;
}
