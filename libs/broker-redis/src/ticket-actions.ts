import {
  TICKET_ACTIONS,
  SmartSupportError,
  type Actor,
  type BrokerOptions,
  type TicketAction,
  type TicketChanges,
  type TicketRecord,
  type TimerClock,
} from '@smart-support/contracts';
import {
  agentCannotTake,
  amended,
  givenOnly,
  mustBeAllowed,
  noOtherAgent,
  notAllowed,
  waitingKey,
} from '@smart-support/broker/rules';
import type { LuaCommands, LuaReply } from './commands/lua-commands';
import { fields, named, text, texts, unknownReply } from './commands/replies';
import { flagsField } from './records/index-columns';
import { decisionField, decisionOf, historyEntry, recordOf } from './records/ticket-fields';
import type { RosterView } from './roster/roster-view';
import type { StatusEvents } from './status-events';
import type { FieldReader } from './tickets';

/** How often an action is tried again because the ticket or the agents have changed since they were read. */
const MOST_TRIES = 100;

/** What persons do with single tickets in Redis; each is one command, which leaves an entry in the ticket's history. */
export class RedisTicketActions {
  constructor(
    private readonly lua: LuaCommands,
    private readonly read: FieldReader,
    private readonly roster: RosterView,
    private readonly statusEvents: StatusEvents,
    private readonly clock: TimerClock,
    private readonly options: BrokerOptions,
  ) {}

  /** See `TicketStore.reassign`. */
  reassign(ticketId: string, actor: Actor): Promise<TicketRecord> {
    const entry = historyEntry('reassign', actor, null);
    return this.untilDone(ticketId, async () => {
      const { ticket } = (await this.allowed('reassign', ticketId)).record;
      const { category, assigned_agent: from } = ticket;
      if (category === null || from === null) return undefined;
      await this.readAgents();
      const { best, ...ranking } = this.roster.rankWithout(from, category);
      if (best === undefined) throw noOtherAgent(ticketId);
      const [name, first, served] = named(
        await this.lua.run('tickets/reassign', {
          ...{ id: ticketId, from, entry, ...ranking },
          ...{ roster_version: this.roster.version, agents: this.roster.ranked() },
        }),
      );
      if (name === 'none') throw noOtherAgent(ticketId);
      if (name === 'stale') this.roster.update(first);
      return name === 'assigned' ? this.done(ticketId, first, served, ticket.status) : undefined;
    });
  }

  /** See `TicketStore.amend`. */
  amend(
    ticketId: string,
    { agent, force = false, ...corrections }: TicketChanges,
    actor: Actor,
  ): Promise<TicketRecord> {
    const given = givenOnly(corrections);
    const entry = historyEntry('amend', actor, given);
    return this.untilDone(ticketId, async () => {
      const { record, found } = await this.allowed('amend', ticketId);
      const { status, assigned_agent, received_at } = record.ticket;
      const isMoved = agent !== undefined && agent !== assigned_agent;
      if (given === null && !isMoved) return record;
      const changed = given === null ? record : amended(record, given);
      const decision = decisionOf(changed.ticket, changed.explanation);
      if (decision === null) throw new SmartSupportError('corrupt', `Ticket "${ticketId}" has no decision`);
      await this.readAgents();
      const urgency = decision.urgency_score;
      const [name, first, served] = named(
        await this.lua.run('tickets/amend', {
          ...{ id: ticketId, status, former_agent: assigned_agent ?? '', decision: found.get('decision') ?? '' },
          ...{ agent: agent ?? '', is_forced: force, facts: this.roster.rank(decision.category).facts },
          ...{ category: decision.category, urgency, flags: flagsField(decision) },
          wait_key: waitingKey(Date.parse(received_at), urgency, this.options.waitAgeingMs),
          decision_now: given === null ? '' : decisionField(decision),
          corrections: JSON.stringify(changed.explanation.corrections),
          entry,
        }),
      );
      if (name === 'no_agent') throw new SmartSupportError('not_found', `There is no agent "${agent}"`);
      if (name === 'no_slot') throw agentCannotTake(agent ?? '', ticketId);
      return name === 'amended' ? this.done(ticketId, first, served, isMoved ? status : undefined) : undefined;
    });
  }

  /** See `TicketStore.cancel`. */
  async cancel(ticketId: string, actor: Actor): Promise<TicketRecord> {
    const [name, first, served] = named(
      await this.lua.run('tickets/cancel', {
        ...{ id: ticketId, statuses: TICKET_ACTIONS.cancel, retention_ms: this.options.retentionMs },
        entry: historyEntry('cancel', actor, null),
      }),
    );
    if (name === 'completed') return this.done(ticketId, first, served, undefined);
    if (name === 'repeated') return recordOf(ticketId, fields(first));
    throw refusal('cancel', ticketId, name, first);
  }

  /** See `TicketStore.reopen`. */
  reopen(ticketId: string, actor: Actor): Promise<TicketRecord> {
    const entry = historyEntry('reopen', actor, null);
    return this.untilDone(ticketId, async () => {
      const { category } = (await this.allowed('reopen', ticketId)).record.ticket;
      await this.readAgents();
      const { best, ...ranking } = this.roster.rank(category ?? 'Billing');
      const [name, first] = named(
        await this.lua.run('tickets/reopen', {
          ...{ id: ticketId, category: category ?? '', entry, ...ranking },
          ...{ roster_version: this.roster.version, agents: this.roster.ranked() },
        }),
      );
      if (name === 'stale') this.roster.update(first);
      else if (name !== 'reopened') throw refusal('reopen', ticketId, name, first);
      else if (category !== null) this.roster.expectGiven(best, this.clock.now());
      return name === 'reopened' ? this.done(ticketId, first, undefined, undefined) : undefined;
    });
  }

  /** See `TicketStore.note`. */
  async note(ticketId: string, actor: Actor): Promise<TicketRecord> {
    const entry = historyEntry('note', actor, null);
    const [name, reply] = named(
      await this.lua.run('tickets/note', { id: ticketId, note_id: actor.note_id ?? '', entry }),
    );
    if (name === 'noted' || name === 'repeated') return recordOf(ticketId, fields(reply));
    throw refusal('note', ticketId, name, reply);
  }

  private async untilDone(ticketId: string, attempt: () => Promise<TicketRecord | undefined>): Promise<TicketRecord> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const record = await attempt();
      if (record) return record;
    }
    throw new SmartSupportError('internal', `Ticket "${ticketId}" changed too often to act on it`);
  }

  private async allowed(
    action: TicketAction,
    ticketId: string,
  ): Promise<{ readonly record: TicketRecord; readonly found: ReadonlyMap<string, string> }> {
    const found = new Map(Object.entries(await this.read(ticketId)));
    if (found.size === 0) throw notFound(ticketId);
    const record = recordOf(ticketId, found);
    mustBeAllowed(action, record.ticket);
    return { record, found };
  }

  private async readAgents(): Promise<void> {
    this.roster.update(await this.lua.run('agents/list', { roster_version: this.roster.version }));
  }

  /** @param left - the status in which the ticket left an agent or the line for another agent */
  private done(
    ticketId: string,
    reply: LuaReply | undefined,
    served: LuaReply | undefined,
    left: TicketRecord['ticket']['status'] | undefined,
  ): TicketRecord {
    if (served !== undefined) this.statusEvents.emitServed(texts(served));
    const record = recordOf(ticketId, fields(reply));
    const { ticket } = record;
    // The life table has no transition from one agent to another.
    if (left === 'assigned') this.statusEvents.emit({ ...ticket, status: 'waiting', assigned_agent: null });
    this.statusEvents.emit(ticket);
    return record;
  }
}

function notFound(ticketId: string): SmartSupportError {
  return new SmartSupportError('not_found', `There is no ticket "${ticketId}"`);
}

function refusal(
  action: 'cancel' | 'reopen' | 'note',
  ticketId: string,
  name: string,
  status: LuaReply | undefined,
): SmartSupportError {
  if (name === 'not_found') return notFound(ticketId);
  return name === 'not_allowed' ? notAllowed(action, ticketId, text(status)) : unknownReply(`tickets/${action}`, name);
}
