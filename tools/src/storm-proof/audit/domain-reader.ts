import { CATEGORIES } from '@smart-support/contracts';
import type { Redis } from 'ioredis';
import { doubtfulIn } from '../../cast/doubtful-members';
import type { DomainState, LogLine, StateOfIncident, StateOfTicket } from './domain-state';

const LISTS = ['urgent', 'normal', 'processing', 'quarantined'];
const SETS = ['delayed:urgent', 'delayed:normal'];

/** Reads a routing domain past the engine, and changes nothing. */
export class DomainReader {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  /** Statuses of tickets, in their order; `none` for one that is not there. */
  async statuses(ticketIds: readonly string[]): Promise<string[]> {
    const pipeline = this.redis.pipeline();
    for (const id of ticketIds) pipeline.hget(this.key(`ticket:${id}`), 'status');
    return answersOf(await pipeline.exec()).map((status) => (typeof status === 'string' ? status : 'none'));
  }

  /** Whether members of an incident are still to be let go. */
  async isUnsettled(): Promise<boolean> {
    return (await this.redis.scard(this.key('incidents:unsettled'))) > 0;
  }

  /** Entries in the storm log. */
  async logLength(): Promise<number> {
    return this.redis.xlen(this.key('storm:log'));
  }

  /** Events that wait to be delivered. */
  async eventCount(): Promise<number> {
    return this.redis.zcard(this.key('outbox'));
  }

  /** Ids and statuses of the incidents, in the order of their coming. */
  async incidents(): Promise<{ readonly id: string; readonly status: string }[]> {
    const ids = await this.redis.zrange(this.key('incidents'), '0', '-1');
    const found = ids.map(async (id) => ({
      id,
      status: (await this.redis.hget(this.key(`incident:${id}`), 'status')) ?? 'none',
    }));
    return Promise.all(found);
  }

  /** Everything about these tickets and agents, and all that else is there. */
  async state(ticketIds: readonly string[], agents: readonly string[]): Promise<DomainState> {
    const { redis } = this;
    const [log, tickets, incidents, loads, dead, events, counted] = await Promise.all([
      this.log(),
      this.tickets(ticketIds),
      this.incidentsWithMembers(),
      redis.hgetall(this.key('agents:load')),
      redis.zrange(this.key('dead'), '0', '-1'),
      redis.hkeys(this.key('outbox:bodies')),
      redis.get(this.key('unfinished')),
    ]);
    const desks = await Promise.all(
      agents.map(async (id) => [id, await redis.zrange(this.key(`agent:${id}:tickets`), '0', '-1')] as const),
    );
    const lines = await Promise.all(CATEGORIES.map((name) => redis.zrange(this.key(`waiting:${name}`), '0', '-1')));
    const unfinished = await Promise.all([
      ...LISTS.map((name) => redis.lrange(this.key(`tickets:${name}`), 0, -1)),
      ...SETS.map((name) => redis.zrange(this.key(`tickets:${name}`), '0', '-1')),
    ]);
    return {
      ...{ log, tickets, incidents, dead, events },
      desks: new Map(desks),
      loads: new Map(Object.entries(loads).map(([agent, load]) => [agent, Number(load)])),
      counted: Number(counted ?? 0),
      lines: lines.flat(),
      unfinished: unfinished.flat(),
    };
  }

  private async log(): Promise<LogLine[]> {
    const entries = await this.redis.xrange(this.key('storm:log'), '-', '+');
    return entries.map(([id, fields]) => {
      const entry = JSON.parse(fields[1] ?? '{}') as { readonly kind?: string; readonly ticket_id?: string };
      return { id, kind: entry.kind ?? 'none', ticketId: entry.ticket_id };
    });
  }

  private async tickets(ticketIds: readonly string[]): Promise<ReadonlyMap<string, StateOfTicket>> {
    const pipeline = this.redis.pipeline();
    const names = [
      'status',
      'agent',
      'incident',
      'duplicate',
      'urgency',
      'resolution',
      'released_from',
      'stalls',
      'decided_ms',
    ];
    for (const id of ticketIds) pipeline.hmget(this.key(`ticket:${id}`), ...names);
    const answers = answersOf(await pipeline.exec()) as (string | null)[][];
    return new Map(
      answers.flatMap((fields, index) => {
        const [status, agent, incident, duplicate, urgency, resolution, released, stalls, decided] = fields;
        const id = ticketIds[index];
        if (id === undefined || status == null) return [];
        const ticket: StateOfTicket = {
          status,
          agent: agent ?? undefined,
          incident: incident ?? undefined,
          isDuplicate: duplicate === '1',
          urgency: urgency == null ? undefined : Number(urgency),
          resolution: resolution ?? undefined,
          released: released ?? undefined,
          stalls: Number(stalls ?? 0),
          decidedMs: Number(decided ?? 0),
        };
        return [[id, ticket] as const];
      }),
    );
  }

  private async incidentsWithMembers(): Promise<StateOfIncident[]> {
    const found = (await this.incidents()).map(async ({ id, status }) => {
      const name = this.key(`incident:${id}`);
      const [members, fields, likeness, counted] = await Promise.all([
        this.redis.zrange(`${name}:members`, '0', '-1'),
        this.redis.hgetall(name),
        this.redis.hgetall(`${name}:similarity`),
        this.redis.hgetall(`${name}:counted`),
      ]);
      return { id, status, members, doubtful: doubtfulIn({ fields, likeness, counted }) };
    });
    return Promise.all(found);
  }

  private key(name: string): string {
    return `{${this.prefix}}:${name}`;
  }
}

function answersOf(answers: readonly [error: Error | null, result: unknown][] | null): unknown[] {
  return (answers ?? []).map(([error, result]) => {
    if (error) throw error;
    return result;
  });
}
