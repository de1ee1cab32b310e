import type { WorkerStatus, Workers } from '@smart-support/contracts';
import type { LuaCommands } from './commands/lua-commands';
import { texts } from './commands/replies';

/** Who is alive behind the queue, in Redis. */
export class RedisWorkers implements Workers {
  constructor(private readonly lua: LuaCommands) {}

  /** See {@link Workers}. */
  async announce(status: WorkerStatus, ttlMs: number): Promise<void> {
    await this.lua.run('announce-worker', status.worker_id, JSON.stringify(status), ttlMs);
  }

  /** See {@link Workers}. */
  async leave(workerId: string): Promise<void> {
    await this.lua.run('announce-worker', workerId, '', 0);
  }

  /** See {@link Workers}. */
  async list(): Promise<WorkerStatus[]> {
    const found = texts(await this.lua.run('list-workers')).flatMap(statusesIn);
    return found.sort((a, b) => (a.worker_id < b.worker_id ? -1 : 1));
  }
}

/** A status that nobody can read is as good as none: its worker says it again in a moment. */
function statusesIn(json: string): WorkerStatus[] {
  try {
    const status = JSON.parse(json) as WorkerStatus | null;
    return typeof status?.worker_id === 'string' ? [status] : [];
  } catch {
    return [];
  }
}
