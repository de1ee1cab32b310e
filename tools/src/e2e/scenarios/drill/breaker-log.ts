import { setTimeout as sleep } from 'node:timers/promises';
import { LogFollower } from '../../harness/app-log';

/** A change of a breaker, by the gateway's log. */
export interface BreakerChange {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly to: 'opened' | 'closed';
  readonly model: string;
}

/** Longest wait for a change, in milliseconds. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 20;

/** The changes of a gateway's breakers so far. */
export class BreakerLog {
  private readonly known: BreakerChange[] = [];
  private readonly log: LogFollower;
  private reading = Promise.resolve();

  /** @param file - the gateway's log */
  constructor(file: string) {
    this.log = new LogFollower(file);
  }

  /** Reads the log up to its end. */
  async changes(): Promise<readonly BreakerChange[]> {
    // One read at a time: each continues where the one before ended.
    this.reading = this.reading.then(() => this.readChanges());
    await this.reading;
    return this.known;
  }

  private async readChanges(): Promise<void> {
    for (const line of await this.log.readLines()) {
      const to = /"msg":"breaker (?<to>opened|closed):/.exec(line)?.groups?.['to'];
      if (to === undefined) continue;
      const { time, model } = JSON.parse(line) as { readonly time: string | number; readonly model: string };
      this.known.push({ at: new Date(time).getTime(), to: to === 'opened' ? 'opened' : 'closed', model });
    }
  }

  /** Waits for the next change of this kind that was not read before. @throws Error after a minute without one */
  async waitFor(to: BreakerChange['to']): Promise<void> {
    const seen = this.known.length;
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await this.changes()).slice(seen).some((change) => change.to === to)) {
      if (Date.now() > deadline) throw new Error(`The breaker has not ${to} within ${PATIENCE_MS} ms`);
      await sleep(LOOK_MS);
    }
  }

  /** Closes the log. */
  async close(): Promise<void> {
    await this.log.close();
  }
}
