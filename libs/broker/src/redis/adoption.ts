import {
  type BrokerOptions,
  type FinishedTicket,
  IDEMPOTENCY_KEY_TTL_MS,
  SmartSupportError,
} from '@smart-support/contracts';
import { waitingKey } from '../waiting-key';
import type { LuaCommands } from './commands/lua-commands';
import { named, text, texts } from './commands/replies';
import { fieldsOf } from './records/ticket-fields';
import type { StatusNews } from './status-news';

const FINISHED = ['assigned', 'waiting', 'completed', 'dead'];

/** Takes in tickets that were finished elsewhere while the store was away. */
export class Adoption {
  constructor(
    private readonly lua: LuaCommands,
    private readonly news: StatusNews,
    private readonly options: BrokerOptions,
  ) {}

  /** Takes one in, unless a ticket of this id is here already. @throws SmartSupportError `invalid_input` */
  async adopt({ record, death, event, idempotency_key = '' }: FinishedTicket): Promise<'adopted' | 'known'> {
    const { ticket } = record;
    if (!FINISHED.includes(ticket.status) || (ticket.status === 'dead') !== (death !== undefined)) {
      throw new SmartSupportError(
        'invalid_input',
        `Ticket "${ticket.id}" is ${ticket.status}, which cannot be adopted`,
      );
    }
    if (ticket.status !== 'dead' && (ticket.category === null || record.explanation.assignment === null)) {
      throw new SmartSupportError('invalid_input', `Ticket "${ticket.id}" lacks what was decided about it`);
    }
    const { retentionMs, deadLettersMax, waitAgeingMs } = this.options;
    const reply = await this.lua.run(
      'adopt',
      ticket.id,
      ticket.status,
      ticket.category ?? '',
      ticket.assigned_agent ?? '',
      retentionMs,
      deadLettersMax,
      idempotency_key,
      IDEMPOTENCY_KEY_TTL_MS,
      event?.id ?? '',
      event?.body ?? '',
      event?.attempts ?? 0,
      event ? Date.parse(event.created_at) : 0,
      ...fieldsOf(record, waitingKey(Date.parse(ticket.received_at), ticket.urgency_score ?? 0, waitAgeingMs), death),
    );
    const [name, status, served, lost] = named(reply);
    if (name === 'known') return 'known';
    // Its statuses up to now were told by the broker it comes from.
    if (text(status) !== ticket.status) this.news.of({ ...ticket, status: 'waiting', assigned_agent: null });
    this.news.ofServed(texts(served));
    this.news.deadLettersLost(texts(lost));
    return 'adopted';
  }
}
