import type { Outbox, OutboxEntry } from '@smart-support/contracts';
import type { LuaCommands } from './commands/lua-commands';
import { list, texts } from './commands/replies';

/** Events to be delivered, in Redis. */
export class RedisOutbox implements Outbox {
  constructor(private readonly lua: LuaCommands) {}

  /** See {@link Outbox}. */
  async claim(limit: number, leaseMs: number): Promise<OutboxEntry[]> {
    return list(await this.lua.run('outbox/claim', { limit, lease_ms: leaseMs })).map((entry) => {
      const [id = '', body = '', attempts, createdMs] = texts(entry);
      return { id, body, attempts: Number(attempts), created_at: new Date(Number(createdMs)).toISOString() };
    });
  }

  /** See {@link Outbox}. */
  async acknowledge(id: string): Promise<void> {
    await this.lua.run('outbox/acknowledge', { id });
  }

  /** See {@link Outbox}. */
  async retryLater(id: string, attempts: number, delayMs: number): Promise<void> {
    await this.lua.run('outbox/retry-later', { id, attempts, delay_ms: Math.max(0, Math.round(delayMs)) });
  }
}
