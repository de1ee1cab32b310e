import { randomUUID } from 'node:crypto';
import {
  type BrokerOptions,
  type DoubtfulMember,
  type Incident,
  type IncidentMember,
  type IncidentQuery,
  type Incidents,
  type OperatorDecision,
  PAGE_SIZE,
  type Resolution,
  type ResolvedIncident,
  SmartSupportError,
  incidentSchema,
} from '@smart-support/contracts';
import { type UnplacedEntry, entryToJson } from '@smart-support/storm';
import {
  doubtReasons,
  incidentNumber,
  memberCursor,
  memberPlace,
  onlyMember,
  DECISION_KINDS,
} from '@smart-support/broker/rules';
import type { LuaArgument } from './commands/command-table';
import type { LuaCommands } from './commands/lua-commands';
import { named, text, texts, unknownReply } from './commands/replies';
import type { StatusEvents } from './status-events';
import { doubtsIn } from './storm-log/member-mark';

/** Members settled in one command: each takes a few writes, and the store runs no other command meanwhile. */
const SETTLED_AT_A_TIME = 100;

/** Commands that settle members before an operator gets the answer. The rest of a larger incident is settled afterwards. */
const COMMANDS_BEFORE_ANSWER = 10;

/** Most commands that search for a page of doubtful members, each of a thousand members. */
const COMMANDS_PER_PAGE = 20;

/** Pattern of the ids of incidents, storms and operator actions. Any other would name another key. */
const INCIDENT_ID = /^incident-[\w-]{1,64}$/;

/** Incidents in Redis: their state by the storm log, and the actions of operators. */
export class RedisIncidents implements Incidents {
  constructor(
    private readonly lua: LuaCommands,
    private readonly statusEvents: StatusEvents,
    private readonly options: BrokerOptions,
  ) {}

  /** @throws SmartSupportError `invalid_input` for an unknown cursor */
  async list({ status, cursor }: IncidentQuery = {}): ReturnType<Incidents['list']> {
    const incidents: Incident[] = [];
    let before: string | number = cursor === undefined ? '+inf' : incidentNumber(cursor);
    for (;;) {
      const limit = PAGE_SIZE - incidents.length;
      const [next, ...found] = texts(await this.lua.run('incidents/list', { before, limit, status: status ?? '' }));
      incidents.push(...found.map(incidentIn));
      // One command looks at a bounded number of incidents, of which none may have the status.
      if (!next || incidents.length === PAGE_SIZE) return { incidents, next_cursor: next || null };
      before = next;
    }
  }

  /** See {@link Incidents}. */
  async get(incidentId: string): Promise<Incident | undefined> {
    this.lua.mustBeOpen();
    if (!INCIDENT_ID.test(incidentId)) return undefined;
    const [found] = texts(await this.lua.run('incidents/get', { id: incidentId }));
    return found === undefined ? undefined : incidentIn(found);
  }

  /** @throws SmartSupportError `not_found`, `invalid_input` for an unknown cursor */
  async members(incidentId: string, cursor?: string): ReturnType<Incidents['members']> {
    const { receivedMs = -1, ticketId = '' } = cursor === undefined ? {} : memberPlace(cursor);
    const [name, ...parts] = texts(
      await this.lua.run('incidents/members', {
        ...{ id: this.known(incidentId), after_ms: receivedMs, after: ticketId },
        limit: PAGE_SIZE,
      }),
    );
    if (name === 'not_found') throw notFound(incidentId);
    const members: IncidentMember[] = [];
    for (let index = 0; index + 2 < parts.length; index += 3) {
      const [ticket_id = '', similarity, receivedAt] = parts.slice(index, index + 3);
      members.push(memberOf(ticket_id, similarity, receivedAt));
    }
    const last = members.at(-1);
    return { members, next_cursor: name === 'more' && last ? memberCursor(last) : null };
  }

  /** @throws SmartSupportError `not_found`, `invalid_input` for an unknown cursor */
  async doubtfulMembers(incidentId: string, cursor?: string): ReturnType<Incidents['doubtfulMembers']> {
    const members: DoubtfulMember[] = [];
    const { receivedMs = -1, ticketId = '' } = cursor === undefined ? {} : memberPlace(cursor);
    let [after_ms, after]: [LuaArgument, LuaArgument] = [receivedMs, ticketId];
    for (let commands = 0; commands < COMMANDS_PER_PAGE && members.length < PAGE_SIZE; commands += 1) {
      const limit = PAGE_SIZE - members.length;
      const [name, ms = '', id = '', ...parts] = texts(
        await this.lua.run('incidents/doubtful-members', { id: this.known(incidentId), after_ms, after, limit }),
      );
      if (name === 'not_found') throw notFound(incidentId);
      for (let index = 0; index + 4 < parts.length; index += 5) {
        const [ticket_id = '', similarity, receivedAt, mark = '', otherCategory] = parts.slice(index, index + 5);
        const reasons = doubtReasons(doubtsIn(mark), otherCategory === '1');
        members.push({ ...memberOf(ticket_id, similarity, receivedAt), reasons });
      }
      if (name === 'end') return { members, next_cursor: null };
      [after_ms, after] = [ms, id];
    }
    // The end of the search, which may be behind the last member that it found.
    return { members, next_cursor: `${after_ms}:${after}` };
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed`, `invalid_input` without tickets */
  async open(title: string, ticketIds: readonly string[]): Promise<Incident> {
    const ticket_ids = [...new Set(ticketIds)];
    if (ticket_ids.length === 0) throw new SmartSupportError('invalid_input', 'An incident needs at least one ticket');
    const incident_id = `incident-${randomUUID()}`;
    const entry = entryToJson({ kind: 'opened_by_hand', incident_id, title, ticket_ids });
    // The setting of this process: a gateway reads no log, and the first worker that writes the record replaces the value by the one in force.
    const { quietMs } = this.options.storm;
    const reply = await this.lua.run('incidents/open', {
      ...{ id: incident_id, title, entry },
      quiet_ms: quietMs,
      tickets: ticket_ids,
    });
    const [name, first, second] = named(reply);
    switch (name) {
      case 'opened':
        this.statusEvents.emitForIds(texts(second), 'suppressed');
        return incidentIn(text(first));
      case 'not_found':
        throw new SmartSupportError('not_found', `There is no ticket "${text(first)}"`);
      case 'taken': {
        const message = `Ticket "${text(first)}" belongs to incident "${text(second)}", or was taken out of it`;
        throw new SmartSupportError('transition_not_allowed', message);
      }
      default:
        throw unknownReply('incidents/open', name);
    }
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed` */
  async confirm(incidentId: string): Promise<Incident> {
    return this.decide(incidentId, 'confirm');
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed` */
  async resolve(incidentId: string, resolution?: Resolution): Promise<ResolvedIncident> {
    const incident = await this.decide(incidentId, 'resolve', resolution);
    const { count } = incident.doubtful_members;
    const first = count === 0 ? [] : (await this.doubtfulMembers(incidentId)).members;
    return { ...incident, doubtful_members: { ...incident.doubtful_members, first } };
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed` */
  async reject(incidentId: string): Promise<Incident> {
    return this.decide(incidentId, 'reject');
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed` */
  async unlink(incidentId: string, ticketId: string): Promise<void> {
    const entry = entryToJson({ kind: 'unlinked', incident_id: incidentId, ticket_id: ticketId });
    const [name, first] = named(
      await this.lua.run('incidents/unlink', { id: this.known(incidentId), ticket: ticketId, entry }),
    );
    switch (name) {
      case 'queued':
        this.statusEvents.emitForIds([ticketId], 'queued');
        return;
      case 'unlinked':
        return;
      case 'not_found':
        throw new SmartSupportError('not_found', `Incident "${incidentId}" has no ticket "${ticketId}"`);
      case 'only_member':
        throw onlyMember(incidentId, ticketId);
      case 'not_allowed':
        throw notAllowed(incidentId, text(first));
      default:
        throw unknownReply('incidents/unlink', name);
    }
  }

  /**
   * Settles the members of an incident by its status, {@link SETTLED_AT_A_TIME} in a command. Idempotent: several processes may do so at once, and one may
   * continue where another has stopped.
   * @param mostCommands - number of commands after which it stops
   * @returns whether nothing is left that can be done now
   */
  async settleMembers(incidentId: string, mostCommands = Infinity): Promise<boolean> {
    for (let commands = 0; commands < mostCommands; commands += 1) {
      const reply = await this.lua.run('incidents/settle-members', {
        id: incidentId,
        limit: SETTLED_AT_A_TIME,
        retention_ms: this.options.retentionMs,
      });
      const [more, suppressed, completed, queued] = named(reply);
      this.statusEvents.emitForIds(texts(suppressed), 'suppressed');
      this.statusEvents.emitForIds(texts(completed), 'completed');
      this.statusEvents.emitForIds(texts(queued), 'queued');
      if (more === 'all') return true;
    }
    return false;
  }

  /** @throws SmartSupportError `closed`, or `not_found` for an unknown id */
  private known(incidentId: string): string {
    this.lua.mustBeOpen();
    if (INCIDENT_ID.test(incidentId)) return incidentId;
    throw notFound(incidentId);
  }

  private async decide(incidentId: string, action: OperatorDecision, resolution?: Resolution): Promise<Incident> {
    const entry: UnplacedEntry = { kind: DECISION_KINDS[action], incident_id: incidentId };
    const [name, first] = named(
      await this.lua.run('incidents/decide', {
        ...{ id: this.known(incidentId), action, entry: entryToJson(entry) },
        complete_doubtful: resolution?.completeDoubtful ?? false,
      }),
    );
    switch (name) {
      case 'done': {
        const incident = incidentIn(text(first));
        // The action is done: if this process stops before all members are settled, the leader of the sweep continues.
        const isSettled = await this.settleMembers(incidentId, COMMANDS_BEFORE_ANSWER).catch(() => true);
        if (!isSettled) void this.settleMembers(incidentId).catch(() => undefined);
        return incident;
      }
      case 'not_found':
        throw notFound(incidentId);
      case 'not_allowed':
        throw notAllowed(incidentId, text(first));
      default:
        throw unknownReply('incidents/decide', name);
    }
  }
}

function memberOf(ticket_id: string, similarity?: string, receivedMs?: string): IncidentMember {
  return { ticket_id, similarity: Number(similarity), received_at: new Date(Number(receivedMs)).toISOString() };
}

function incidentIn(json: string): Incident {
  return incidentSchema.parse(JSON.parse(json));
}

function notFound(incidentId: string): SmartSupportError {
  return new SmartSupportError('not_found', `There is no incident "${incidentId}"`);
}

function notAllowed(incidentId: string, status: string): SmartSupportError {
  return new SmartSupportError('transition_not_allowed', `Incident "${incidentId}" is ${status}`);
}
