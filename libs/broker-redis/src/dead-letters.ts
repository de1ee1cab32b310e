import {
  type DeadLetter,
  type DeadLetters,
  PAGE_SIZE,
  SmartSupportError,
  type TicketRecord,
} from '@smart-support/contracts';
import { deathNumber } from '@smart-support/broker/rules';
import type { LuaCommands } from './commands/lua-commands';
import { fields, named, texts } from './commands/replies';
import { recordOf } from './records/ticket-fields';
import type { FieldReader } from './tickets';
import type { StatusEvents } from './status-events';

/** Tickets that failed too often, in Redis. */
export class RedisDeadLetters implements DeadLetters {
  constructor(
    private readonly lua: LuaCommands,
    private readonly read: FieldReader,
    private readonly statusEvents: StatusEvents,
  ) {}

  /** A page of {@link PAGE_SIZE}. @throws SmartSupportError `invalid_input` for an unknown cursor */
  async list(cursor?: string): ReturnType<DeadLetters['list']> {
    const after = cursor === undefined ? 0 : deathNumber(cursor);
    const [more, ...entries] = named(await this.lua.run('dead-letters/list', { after, limit: PAGE_SIZE }));
    const page = entries.map(texts);
    const dead_letters = page.map(([, id = '', code = '', message = '', attempts, stalls, diedMs]): DeadLetter => {
      return {
        ticket_id: id,
        error: { code, message },
        attempts: Number(attempts),
        stalls: Number(stalls),
        died_at: new Date(Number(diedMs)).toISOString(),
      };
    });
    return { dead_letters, next_cursor: more === 'more' ? (page.at(-1)?.[0] ?? null) : null };
  }

  /** @throws SmartSupportError `not_found`, or `corrupt`, with nothing changed, for a corrupt record */
  async retry(ticketId: string): Promise<TicketRecord> {
    const kept = new Map(Object.entries(await this.read(ticketId)));
    // A ticket with a corrupt record would only die again.
    if (kept.size > 0) recordOf(ticketId, kept);
    const [name, found] = named(await this.lua.run('dead-letters/retry', { id: ticketId }));
    if (name === 'not_found') throw notFound(ticketId);
    const record = recordOf(ticketId, fields(found));
    this.statusEvents.emit(record.ticket);
    return record;
  }

  /** Removes a ticket with a corrupt record, too. @throws SmartSupportError `not_found` */
  async remove(ticketId: string): Promise<void> {
    const [name] = named(await this.lua.run('dead-letters/remove', { id: ticketId }));
    if (name === 'not_found') throw notFound(ticketId);
  }
}

function notFound(ticketId: string): SmartSupportError {
  return new SmartSupportError('not_found', `There is no dead letter "${ticketId}"`);
}
