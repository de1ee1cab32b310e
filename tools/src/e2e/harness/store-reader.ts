import { CATEGORIES } from '@smart-support/contracts';
import type { ChainableCommander, Redis } from 'ioredis';
import { doubtfulMembers } from './doubtful-members';
import type { StoreState, StoredIncident, StoredTicket } from './store-state';

/** Prefix of all keys unless a setting says otherwise. */
export const DEFAULT_PREFIX = 'smart-support';

/** Incidents whose members are still to be settled. */
const UNSETTLED = 'incidents:unsettled';
const LISTS = ['urgent', 'normal', 'processing', 'quarantined'].map((name) => `tickets:${name}`);
const SORTED_SETS = [
  ...['delayed:urgent', 'delayed:normal', 'requeued'].map((name) => `tickets:${name}`),
  ...CATEGORIES.map((category) => `waiting:${category}`),
  'outbox',
];

/** Fields read of each ticket. */
const FIELDS = [
  ...['status', 'agent', 'urgency', 'error_code', 'error_message', 'resolution', 'incident', 'released_from'],
  ...['duplicate', 'received_ms', 'decided_ms'],
] as const;

/** Tickets read in one pipeline. */
const BATCH = 500;

/** An entry of the storm log, without vectors. */
export interface LogLine {
  readonly id: string;
  readonly kind: string;
  readonly ticketId: string | undefined;
}

/** Reads one routing domain of the shared store past the engine, and changes nothing. */
export class StoreReader {
  private readonly domain: string;

  /** @param prefix - of the domain's keys, as `REDIS_KEY_PREFIX` takes it */
  constructor(
    private readonly redis: Redis,
    prefix = DEFAULT_PREFIX,
  ) {
    this.domain = `{${prefix}}:`;
  }

  /** The open tickets of these agents now. */
  async openTickets(agents: readonly string[]): Promise<readonly string[]> {
    return (await this.openTicketsByAgent(agents)).flatMap(([, tickets]) => tickets);
  }

  /** Entries wherever unfinished tickets and events stand, by name of the key; and dead letters. */
  async sizes(agents: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const names = [...LISTS, ...SORTED_SETS, UNSETTLED, 'dead', ...agents.map(openTicketsOf)];
    const counts = await this.pipelined(names, (pipeline, name) => {
      const key = this.key(name);
      if (LISTS.includes(name)) pipeline.llen(key);
      else if (name === UNSETTLED) pipeline.scard(key);
      else pipeline.zcard(key);
    });
    return new Map(names.map((name, index) => [name, Number(counts[index])]));
  }

  /** Whether all of these tickets have a record. */
  async allKnown(ticketIds: readonly string[]): Promise<boolean> {
    const found = await this.pipelined(ticketIds, (pipeline, id) => pipeline.exists(this.key(`ticket:${id}`)));
    return found.every((one) => one === 1);
  }

  /** Statuses of tickets, in their order; `none` for one without a record. */
  async statuses(ticketIds: readonly string[]): Promise<readonly string[]> {
    const found = await this.pipelined(ticketIds, (pipeline, id) => pipeline.hget(this.key(`ticket:${id}`), 'status'));
    return found.map((status) => (typeof status === 'string' ? status : 'none'));
  }

  /** Tickets whose lock exists. */
  async locks(): Promise<readonly string[]> {
    return this.idsOf('lock:');
  }

  /** The storm log, in its order. */
  async stormLog(): Promise<readonly LogLine[]> {
    const entries = await this.redis.xrange(this.key('storm:log'), '-', '+');
    return entries.map(([id, fields]) => {
      const { kind = 'none', ticket_id } = JSON.parse(fields[1] ?? '{}') as {
        readonly kind?: string;
        readonly ticket_id?: string;
      };
      return { id, kind, ticketId: ticket_id };
    });
  }

  /** Entries in the storm log. */
  async stormLogLength(): Promise<number> {
    return this.redis.xlen(this.key('storm:log'));
  }

  /** Ids of the events in the outbox. */
  async outboxEvents(): Promise<readonly string[]> {
    return this.redis.hkeys(this.key('outbox:bodies'));
  }

  /** Whether an incident has members that are still to be settled. */
  async hasUnsettledIncidents(): Promise<boolean> {
    return (await this.redis.scard(this.key(UNSETTLED))) > 0;
  }

  /** The incident that is open now, if any. */
  async openIncident(): Promise<string | undefined> {
    const ids = await this.incidentIds();
    const statuses = await this.pipelined(ids, (pipeline, id) => pipeline.hget(this.key(`incident:${id}`), 'status'));
    return ids.find((_, index) => statuses[index] === 'open');
  }

  /**
   * The state of the domain.
   * @param ticketIds - the tickets to read; all that have a record if left out, for which every key of the server is scanned
   */
  async state(agents: readonly string[], ticketIds?: readonly string[]): Promise<StoreState> {
    const { redis } = this;
    const places = new Map<string, readonly string[]>();
    for (const name of LISTS) places.set(name, await redis.lrange(this.key(name), 0, -1));
    for (const name of SORTED_SETS) places.set(name, await redis.zrange(this.key(name), '0', '-1'));
    places.set(UNSETTLED, await redis.smembers(this.key(UNSETTLED)));
    const loads = Object.entries(await redis.hgetall(this.key('agents:load')));
    return {
      places,
      tickets: await this.tickets(ticketIds ?? (await this.idsOf('ticket:'))),
      incidents: await this.incidents(),
      loads: new Map(loads.map(([agent, load]) => [agent, Number(load)])),
      openTickets: new Map(await this.openTicketsByAgent(agents)),
      dead: await redis.zrange(this.key('dead'), '0', '-1'),
      unfinished: Number((await redis.get(this.key('unfinished'))) ?? 0),
    };
  }

  private async tickets(ids: readonly string[]): Promise<ReadonlyMap<string, StoredTicket>> {
    const found = await this.pipelined(ids, (pipeline, id) => pipeline.hmget(this.key(`ticket:${id}`), ...FIELDS));
    return new Map(
      ids.flatMap((id, index) => {
        const values = (found[index] as (string | null)[]).map((value) => value ?? undefined);
        if (values.every((value) => value === undefined)) return [];
        const [status = 'none', agent, urgency, errorCode, errorMessage, resolution, incident, released] = values;
        const [duplicate, receivedMs, decidedMs] = values.slice(8);
        const ticket: StoredTicket = {
          ...{ status, agent, errorCode, errorMessage, resolution, incident, released },
          urgency: urgency === undefined ? undefined : Number(urgency),
          isDuplicate: duplicate === '1',
          receivedMs: Number(receivedMs),
          decidedMs: Number(decidedMs),
        };
        return [[id, ticket] as const];
      }),
    );
  }

  private async incidents(): Promise<ReadonlyMap<string, StoredIncident>> {
    const incidents = new Map<string, StoredIncident>();
    for (const id of await this.incidentIds()) {
      const key = this.key(`incident:${id}`);
      const [fields, members, similarity, requesters, counted, unsettled] = await Promise.all([
        this.redis.hgetall(key),
        this.redis.zrange(`${key}:members`, '0', '-1'),
        this.redis.hgetall(`${key}:similarity`),
        this.redis.hgetall(`${key}:requesters`),
        this.redis.hgetall(`${key}:counted`),
        this.redis.zrange(`${key}:unsettled`, '0', '-1'),
      ]);
      const categories = Object.entries(fields).filter(([name]) => name.startsWith('category:'));
      incidents.set(id, {
        status: fields['status'] ?? 'none',
        wasOpened: (fields['opened_ms'] ?? '') !== '',
        representative: fields['representative'] ?? '',
        members,
        doubtful: doubtfulMembers({ fields, similarity, counted }),
        similarity: Object.keys(similarity),
        requesters: new Map(Object.entries(requesters).map(([requester, count]) => [requester, Number(count)])),
        counted: Object.keys(counted),
        byCategory: categories.reduce((sum, [, count]) => sum + Number(count), 0),
        unsettled,
      });
    }
    return incidents;
  }

  private async incidentIds(): Promise<string[]> {
    return this.redis.zrange(this.key('incidents'), '0', '-1');
  }

  private async openTicketsByAgent(agents: readonly string[]): Promise<(readonly [string, readonly string[]])[]> {
    const found = await this.pipelined(agents, (pipeline, agent) =>
      pipeline.zrange(this.key(openTicketsOf(agent)), '0', '-1'),
    );
    return agents.map((agent, index) => [agent, found[index] as string[]] as const);
  }

  /** Ids of all keys that begin with a name. */
  private async idsOf(name: string): Promise<string[]> {
    const keys = new Set<string>();
    for (let cursor = '0'; ;) {
      const [next, found] = await this.redis.scan(cursor, 'MATCH', `${this.key(name)}*`, 'COUNT', 2000);
      for (const key of found) keys.add(key.slice(this.key(name).length));
      if (next === '0') return [...keys];
      cursor = next;
    }
  }

  /** One command for each item. @throws the first error among the replies */
  private async pipelined<T>(
    items: readonly T[],
    add: (pipeline: ChainableCommander, item: T) => unknown,
  ): Promise<unknown[]> {
    const replies: unknown[] = [];
    for (let start = 0; start < items.length; start += BATCH) {
      const pipeline = this.redis.pipeline();
      for (const item of items.slice(start, start + BATCH)) add(pipeline, item);
      for (const [error, reply] of (await pipeline.exec()) ?? []) {
        if (error) throw error;
        replies.push(reply);
      }
    }
    return replies;
  }

  private key(name: string): string {
    return `${this.domain}${name}`;
  }
}

function openTicketsOf(agent: string): string {
  return `agent:${agent}:tickets`;
}
