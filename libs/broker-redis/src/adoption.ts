import {
  type BrokerOptions,
  type FinishedTicket,
  IDEMPOTENCY_KEY_TTL_MS,
  SmartSupportError,
  type TicketRecord,
} from '@smart-support/contracts';
import { newRecord, waitingKey } from '@smart-support/broker/rules';
import type { LuaCommands } from './commands/lua-commands';
import { named, text, texts } from './commands/replies';
import { requesterField } from './records/index-columns';
import { fieldsOf } from './records/ticket-fields';
import type { StatusEvents } from './status-events';
import type { StoreBudget } from './store-budget';

const FINISHED = ['assigned', 'waiting', 'suppressed', 'completed', 'dead'];

/** Adopts tickets that another broker finished while the store was away. */
export class Adoption {
  constructor(
    private readonly lua: LuaCommands,
    private readonly statusEvents: StatusEvents,
    private readonly options: BrokerOptions,
    private readonly budget: StoreBudget,
  ) {}

  /**
   * Adopts one ticket, unless the store has a ticket of this id already.
   * @throws SmartSupportError `invalid_input`; `unavailable` if there is no space for its bytes: nothing was written
   */
  async adopt(finished: FinishedTicket): Promise<'adopted' | 'known'> {
    const { death, event, idempotency_key = '', duplicate_key, alerted = false, storm_entry = '' } = finished;
    const { ticket } = finished.record;
    if (!FINISHED.includes(ticket.status) || (ticket.status === 'dead') !== (death !== undefined)) {
      throw new SmartSupportError(
        'invalid_input',
        `Ticket "${ticket.id}" is ${ticket.status}, which cannot be adopted`,
      );
    }
    const isToBeJudged = ticket.status === 'suppressed';
    const record = isToBeJudged ? asQueued(finished.record) : finished.record;
    // A ticket that was completed by its incident never had an agent.
    const hasEnd = record.explanation.assignment !== null || ticket.resolution === 'incident';
    const isDecided = ticket.category !== null && hasEnd;
    if (!isDecided && !isToBeJudged && ticket.status !== 'dead') {
      throw new SmartSupportError('invalid_input', `Ticket "${ticket.id}" has no decision`);
    }
    const { retentionMs, deadLettersMax, waitAgeingMs, duplicateMs } = this.options;
    const reply = await this.lua.run('adoption/adopt', {
      id: ticket.id,
      status: record.ticket.status,
      category: ticket.category ?? '',
      agent: ticket.assigned_agent ?? '',
      retention_ms: retentionMs,
      dead_letters_max: deadLettersMax,
      idempotency_key,
      idempotency_ms: IDEMPOTENCY_KEY_TTL_MS,
      event_id: event?.id ?? '',
      event_body: event?.body ?? '',
      event_attempts: event?.attempts ?? 0,
      event_created_ms: event ? Date.parse(event.created_at) : 0,
      storm_entry,
      duplicate_name: duplicate_key === undefined ? '' : `duplicate:${duplicate_key}`,
      duplicate_ms: duplicateMs,
      ...this.budget.toArguments(),
      requester: requesterField(record.ticket.requester),
      fields: [
        ...fieldsOf(record, waitingKey(Date.parse(ticket.received_at), ticket.urgency_score ?? 0, waitAgeingMs), death),
        ...(alerted ? ['alerted', '1'] : []),
        ...(finished.always_routed ? ['always_routed', '1'] : []),
        ...(finished.released === undefined ? [] : ['released_from', finished.released]),
      ],
    });
    const [name, status, served, lost] = named(reply);
    if (name === 'known') return 'known';
    if (name === 'full') {
      this.budget.noteRefusal();
      throw new SmartSupportError('unavailable', 'The shared store has no space for the bytes of another ticket');
    }
    // The other broker has emitted its earlier statuses.
    if (text(status) !== ticket.status) {
      this.statusEvents.emit({ ...ticket, status: isToBeJudged ? 'queued' : 'waiting', assigned_agent: null });
    }
    this.statusEvents.emitServed(texts(served));
    this.statusEvents.emitDeadLettersLost(texts(lost));
    return 'adopted';
  }
}

/** A ticket before any decision about it. */
function asQueued({ ticket, channel, metadata, explanation, source }: TicketRecord): TicketRecord {
  const { id, text, subject, requester, reported_at } = ticket;
  const input = { text, subject, requester, reported_at, channel, metadata };
  const { name: lane, urgency_score: lane_urgency } = explanation.lane;
  return newRecord({ id, input, lane, lane_urgency, ...(source && { source }) }, ticket.received_at);
}
