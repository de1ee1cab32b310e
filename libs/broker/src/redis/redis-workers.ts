import type { WorkerStatus, Workers } from '@smart-support/contracts';
import type { LuaCommands } from './commands/lua-commands';
import { texts } from './commands/replies';

/** Who is alive behind the queue, in Redis. */
export class RedisWorkers implements Workers {
  constructor(private readonly lua: LuaCommands) {}

  async announce(status: WorkerStatus, ttlMs: number): Promise<void> {
    await this.lua.run('announce-worker', status.worker_id, JSON.stringify(status), ttlMs);
  }

  async leave(workerId: string): Promise<void> {
    await this.lua.run('announce-worker', workerId, '', 0);
  }

  async list(): Promise<WorkerStatus[]> {
    const found = texts(await this.lua.run('list-workers')).map((json) => JSON.parse(json) as WorkerStatus);
    return found.sort((a, b) => (a.worker_id < b.worker_id ? -1 : 1));
  }
}
