import { randomUUID } from 'node:crypto';
import {
  type BrokerOptions,
  type DoubtfulMember,
  type Incident,
  type IncidentMember,
  type IncidentQuery,
  type Incidents,
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
  type DecidedStatus,
} from '@smart-support/broker/rules';
import type { LuaArgument, LuaCommands } from './commands/lua-commands';
import { named, text, texts, unknownReply } from './commands/replies';
import type { StatusEvents } from './status-events';
import { doubtsIn } from './storm-log/member-mark';

/** Members settled in one command: each is a few writes, and nobody else is served meanwhile. */
const SETTLED_AT_A_TIME = 100;

/** Commands that settle members before an operator is answered. Those of a larger incident are settled after that. */
const COMMANDS_BEFORE_ANSWER = 10;

/** Commands that look for a page of doubtful members, a thousand members each. */
const COMMANDS_PER_PAGE = 20;

/** Ids of incidents, of storms and of operators. Any other would be that of another key. */
const INCIDENT_ID = /^incident-[\w-]{1,64}$/;

/** Incidents in Redis: what the storm log came to, and what operators do. */
export class RedisIncidents implements Incidents {
  constructor(
    private readonly lua: LuaCommands,
    private readonly news: StatusEvents,
    private readonly options: BrokerOptions,
  ) {}

  /** @throws SmartSupportError `invalid_input` for a cursor that no page gave */
  async list({ status, cursor }: IncidentQuery = {}): ReturnType<Incidents['list']> {
    const incidents: Incident[] = [];
    let before: string | number = cursor === undefined ? '+inf' : incidentNumber(cursor);
    for (;;) {
      const most = PAGE_SIZE - incidents.length;
      const [next, ...found] = texts(await this.lua.run('list-incidents', before, most, status ?? ''));
      incidents.push(...found.map(incidentIn));
      // One command looks at a bounded number, which may have none of the status.
      if (!next || incidents.length === PAGE_SIZE) return { incidents, next_cursor: next || null };
      before = next;
    }
  }

  /** See {@link Incidents}. */
  async get(incidentId: string): Promise<Incident | undefined> {
    this.lua.mustBeOpen();
    if (!INCIDENT_ID.test(incidentId)) return undefined;
    const [found] = texts(await this.lua.run('get-incident', incidentId));
    return found === undefined ? undefined : incidentIn(found);
  }

  /** @throws SmartSupportError `not_found`, `invalid_input` for a cursor that no page gave */
  async members(incidentId: string, cursor?: string): ReturnType<Incidents['members']> {
    const { receivedMs: after = -1, ticketId = '' } = cursor === undefined ? {} : memberPlace(cursor);
    const [name, ...parts] = texts(
      await this.lua.run('list-members', this.known(incidentId), after, ticketId, PAGE_SIZE),
    );
    if (name === 'not_found') throw notFound(incidentId);
    const members: IncidentMember[] = [];
    for (let index = 0; index + 2 < parts.length; index += 3) {
      const [ticket_id = '', similarity, receivedMs] = parts.slice(index, index + 3);
      members.push(memberOf(ticket_id, similarity, receivedMs));
    }
    const last = members.at(-1);
    return { members, next_cursor: name === 'more' && last ? memberCursor(last) : null };
  }

  /** @throws SmartSupportError `not_found`, `invalid_input` for a cursor that no page gave */
  async doubtfulMembers(incidentId: string, cursor?: string): ReturnType<Incidents['doubtfulMembers']> {
    const members: DoubtfulMember[] = [];
    const { receivedMs = -1, ticketId = '' } = cursor === undefined ? {} : memberPlace(cursor);
    let place: readonly [LuaArgument, LuaArgument] = [receivedMs, ticketId];
    for (let commands = 0; commands < COMMANDS_PER_PAGE && members.length < PAGE_SIZE; commands += 1) {
      const most = PAGE_SIZE - members.length;
      const [name, ms = '', id = '', ...parts] = texts(
        await this.lua.run('list-doubtful-members', this.known(incidentId), ...place, most),
      );
      if (name === 'not_found') throw notFound(incidentId);
      for (let index = 0; index + 4 < parts.length; index += 5) {
        const [ticket_id = '', similarity, receivedAt, mark = '', otherCategory] = parts.slice(index, index + 5);
        const reasons = doubtReasons(doubtsIn(mark), otherCategory === '1');
        members.push({ ...memberOf(ticket_id, similarity, receivedAt), reasons });
      }
      if (name === 'end') return { members, next_cursor: null };
      place = [ms, id];
    }
    // Where the search stopped, which may be behind the last member that it found.
    return { members, next_cursor: `${place[0]}:${place[1]}` };
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed`, `invalid_input` without any ticket */
  async open(title: string, ticketIds: readonly string[]): Promise<Incident> {
    const ticket_ids = [...new Set(ticketIds)];
    if (ticket_ids.length === 0) throw new SmartSupportError('invalid_input', 'An incident needs a ticket at least');
    const incident_id = `incident-${randomUUID()}`;
    const entry = entryToJson({ kind: 'opened_by_hand', incident_id, title, ticket_ids });
    // This process's own setting: a gateway reads no log, and the first worker that writes the record puts in what is in force.
    const { quietMs } = this.options.storm;
    const reply = await this.lua.run('open-incident', incident_id, title, entry, quietMs, ...ticket_ids);
    const [name, first, second] = named(reply);
    switch (name) {
      case 'opened':
        this.news.ofIds(texts(second), 'suppressed');
        return incidentIn(text(first));
      case 'not_found':
        throw new SmartSupportError('not_found', `There is no ticket "${text(first)}"`);
      case 'taken': {
        const message = `Ticket "${text(first)}" belongs to incident "${text(second)}", or was taken out of it`;
        throw new SmartSupportError('transition_not_allowed', message);
      }
      default:
        throw unknownReply('open-incident', name);
    }
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed` */
  async confirm(incidentId: string): Promise<Incident> {
    return this.end(incidentId, 'open');
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed` */
  async resolve(incidentId: string, resolution?: Resolution): Promise<ResolvedIncident> {
    const incident = await this.end(incidentId, 'resolved', resolution);
    const { count } = incident.doubtful_members;
    const first = count === 0 ? [] : (await this.doubtfulMembers(incidentId)).members;
    return { ...incident, doubtful_members: { ...incident.doubtful_members, first } };
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed` */
  async reject(incidentId: string): Promise<Incident> {
    return this.end(incidentId, 'rejected');
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed` */
  async unlink(incidentId: string, ticketId: string): Promise<void> {
    const entry = entryToJson({ kind: 'unlinked', incident_id: incidentId, ticket_id: ticketId });
    const [name, first] = named(await this.lua.run('unlink-member', this.known(incidentId), ticketId, entry));
    switch (name) {
      case 'queued':
        this.news.ofIds([ticketId], 'queued');
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
        throw unknownReply('unlink-member', name);
    }
  }

  /**
   * Does with the members of an incident what its status asks for, {@link SETTLED_AT_A_TIME} in a command. Several processes may do so at once, and one may
   * go on where another has stopped: nothing is done twice.
   * @param mostCommands - after which it stops
   * @returns whether nothing is left that can be done now
   */
  async settle(incidentId: string, mostCommands = Infinity): Promise<boolean> {
    for (let commands = 0; commands < mostCommands; commands += 1) {
      const reply = await this.lua.run('settle-members', incidentId, SETTLED_AT_A_TIME, this.options.retentionMs);
      const [more, suppressed, completed, queued] = named(reply);
      this.news.ofIds(texts(suppressed), 'suppressed');
      this.news.ofIds(texts(completed), 'completed');
      this.news.ofIds(texts(queued), 'queued');
      if (more === 'all') return true;
    }
    return false;
  }

  /** @throws SmartSupportError `closed`, or `not_found` for an id that none has */
  private known(incidentId: string): string {
    this.lua.mustBeOpen();
    if (INCIDENT_ID.test(incidentId)) return incidentId;
    throw notFound(incidentId);
  }

  private async end(incidentId: string, status: DecidedStatus, resolution?: Resolution): Promise<Incident> {
    const entry: UnplacedEntry = { kind: DECISION_KINDS[status], incident_id: incidentId };
    const completes = resolution?.completeDoubtful ? '1' : '0';
    const [name, first] = named(
      await this.lua.run('decide-incident', this.known(incidentId), status, entryToJson(entry), completes),
    );
    switch (name) {
      case 'done': {
        const incident = incidentIn(text(first));
        // What was done stands: if this process stops before all members are settled, the leader of the sweep goes on.
        const isSettled = await this.settle(incidentId, COMMANDS_BEFORE_ANSWER).catch(() => true);
        if (!isSettled) void this.settle(incidentId).catch(() => undefined);
        return incident;
      }
      case 'not_found':
        throw notFound(incidentId);
      case 'not_allowed':
        throw notAllowed(incidentId, text(first));
      default:
        throw unknownReply('decide-incident', name);
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
