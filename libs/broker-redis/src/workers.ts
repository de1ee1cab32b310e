import type { WorkerStatus, Workers } from '@smart-support/contracts';
import type { LuaCommands } from './commands/lua-commands';
import { texts } from './commands/replies';

/** The workers behind the queue, in Redis. */
export class RedisWorkers implements Workers {
  constructor(private readonly lua: LuaCommands) {}

  /** See {@link Workers}. */
  async announce(status: WorkerStatus, ttlMs: number): Promise<void> {
    await this.lua.run('workers/announce', { id: status.worker_id, status: JSON.stringify(status), ttl_ms: ttlMs });
  }

  /** See {@link Workers}. */
  async leave(workerId: string): Promise<void> {
    await this.lua.run('workers/leave', { id: workerId });
  }

  /** See {@link Workers}. */
  async list(): Promise<WorkerStatus[]> {
    const found = texts(await this.lua.run('workers/list', {})).flatMap(statusesIn);
    return found.sort((a, b) => (a.worker_id < b.worker_id ? -1 : 1));
  }
}

/** A corrupt status is left out: its worker announces it again within seconds. */
function statusesIn(json: string): WorkerStatus[] {
  try {
    const status = JSON.parse(json) as WorkerStatus | null;
    return typeof status?.worker_id === 'string' ? [status] : [];
  } catch {
    return [];
  }
}
