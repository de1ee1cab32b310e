import type { EventQueue, Outbox, OutboxEntry } from '@smart-support/contracts';
import type { LuaCommands } from './commands/lua-commands';
import { list, texts } from './commands/replies';

/** Events to be delivered, in Redis: those of one endpoint, or of the outbox itself. */
class RedisEventQueue implements EventQueue {
  /** @param of - id of the endpoint, '' for the outbox itself */
  constructor(
    protected readonly lua: LuaCommands,
    private readonly of: string,
  ) {}

  /** See {@link EventQueue}. */
  async claim(limit: number, leaseMs: number): Promise<OutboxEntry[]> {
    const reply = await this.lua.run('outbox/claim', { endpoint: this.of, limit, lease_ms: leaseMs });
    return list(reply).map((entry) => {
      const [id = '', body = '', attempts, createdMs] = texts(entry);
      return { id, body, attempts: Number(attempts), created_at: new Date(Number(createdMs)).toISOString() };
    });
  }

  /** See {@link EventQueue}. */
  async acknowledge(id: string): Promise<void> {
    await this.lua.run('outbox/acknowledge', { endpoint: this.of, id });
  }

  /** See {@link EventQueue}. */
  async retryLater(id: string, attempts: number, delayMs: number): Promise<void> {
    const delay_ms = Math.max(0, Math.round(delayMs));
    await this.lua.run('outbox/retry-later', { endpoint: this.of, id, attempts, delay_ms });
  }
}

/** Events to be delivered, in Redis. */
export class RedisOutbox extends RedisEventQueue implements Outbox {
  constructor(lua: LuaCommands) {
    super(lua, '');
  }

  /** See {@link Outbox}. */
  endpoint(id: string): EventQueue {
    return new RedisEventQueue(this.lua, id);
  }

  /** See {@link Outbox}. */
  async emit(id: string, body: string): Promise<void> {
    await this.lua.run('outbox/emit', { id, body });
  }

  /** See {@link Outbox}. */
  async fanOut(id: string, endpoints: readonly string[]): Promise<void> {
    await this.lua.run('outbox/fan-out', { id, endpoints });
  }
}
