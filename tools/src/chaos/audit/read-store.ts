import { CATEGORIES } from '@smart-support/contracts';
import type { Redis } from 'ioredis';
import type { StoreState, StoredTicket } from './evidence';

/** Under which names the engine keeps its things: the settings' defaults, which the tool leaves alone. */
export const DOMAIN = '{smart-support}:';
const QUEUE = `${DOMAIN}tickets`;

/** Incidents whose members are still to be settled. */
const UNSETTLED = `${DOMAIN}incidents:unsettled`;

const BATCH = 500;

const LISTS = ['urgent', 'normal', 'processing', 'quarantined'].map((name) => `${QUEUE}:${name}`);
const SETS = [
  ...['delayed:urgent', 'delayed:normal', 'requeued'].map((name) => `${QUEUE}:${name}`),
  ...CATEGORIES.map((category) => `${DOMAIN}waiting:${category}`),
  `${DOMAIN}outbox`,
];

/** Reads the shared store, and changes nothing. */
export class StoreReader {
  constructor(private readonly redis: Redis) {}

  /** The open tickets of these agents now. */
  async openTickets(agents: readonly string[]): Promise<readonly string[]> {
    return (await this.openTicketsOf(agents)).flatMap(([, tickets]) => tickets);
  }

  /** How many entries there are where unfinished tickets and events stand, by name; and of dead letters. */
  async sizes(agents: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const pipeline = this.redis.pipeline();
    const names = [...LISTS, ...SETS, UNSETTLED, `${DOMAIN}dead`, ...agents.map(openTicketsKey)];
    for (const name of names) {
      if (LISTS.includes(name)) pipeline.llen(name);
      else if (name === UNSETTLED) pipeline.scard(name);
      else pipeline.zcard(name);
    }
    const counts = answersOf(await pipeline.exec()).map(Number);
    return new Map(names.map((name, index) => [name.slice(DOMAIN.length), counts[index] ?? 0]));
  }

  /** Whether all of these tickets have a record. */
  async allKnown(ticketIds: readonly string[]): Promise<boolean> {
    if (ticketIds.length === 0) return true;
    const pipeline = this.redis.pipeline();
    for (const id of ticketIds) pipeline.exists(`${DOMAIN}ticket:${id}`);
    return answersOf(await pipeline.exec()).every((found) => found === 1);
  }

  /** Everything, for the audit. */
  async state(agents: readonly string[]): Promise<StoreState> {
    const ticketKeys = await this.scan(`${DOMAIN}ticket:*`);
    const lockKeys = await this.scan(`${DOMAIN}lock:*`);
    const places = new Map<string, readonly string[]>();
    for (const name of LISTS) places.set(name.slice(DOMAIN.length), await this.redis.lrange(name, 0, -1));
    for (const name of SETS) places.set(name.slice(DOMAIN.length), await this.redis.zrange(name, '0', '-1'));
    places.set(UNSETTLED.slice(DOMAIN.length), await this.redis.smembers(UNSETTLED));
    const loads = Object.entries(await this.redis.hgetall(`${DOMAIN}agents:load`));
    return {
      tickets: await this.records(ticketKeys),
      loads: new Map(loads.map(([agent, load]) => [agent, Number(load)])),
      openTickets: new Map(await this.openTicketsOf(agents)),
      places,
      locks: lockKeys.map((key) => key.slice(`${DOMAIN}lock:`.length)),
      dead: await this.redis.zrange(`${DOMAIN}dead`, '0', '-1'),
      unfinished: Number((await this.redis.get(`${DOMAIN}unfinished`)) ?? 0),
    };
  }

  private async records(keys: readonly string[]): Promise<ReadonlyMap<string, StoredTicket>> {
    const records = new Map<string, StoredTicket>();
    for (let start = 0; start < keys.length; start += BATCH) {
      const batch = keys.slice(start, start + BATCH);
      const pipeline = this.redis.pipeline();
      for (const key of batch)
        pipeline.hmget(
          key,
          'status',
          'agent',
          'urgency',
          'error_code',
          'error_message',
          'resolution',
          'incident',
          'released_from',
          'duplicate',
          'received_ms',
        );
      const answers = answersOf(await pipeline.exec()) as (string | null)[][];
      batch.forEach((key, index) => {
        const [status, agent, urgency, errorCode, errorMessage, resolution, incident, released, duplicate, receivedMs] =
          answers[index] ?? [];
        records.set(key.slice(`${DOMAIN}ticket:`.length), {
          status: status ?? 'none',
          agent: agent ?? undefined,
          urgency: urgency == null ? undefined : Number(urgency),
          errorCode: errorCode ?? undefined,
          errorMessage: errorMessage ?? undefined,
          resolution: resolution ?? undefined,
          incident: incident ?? undefined,
          released: released ?? undefined,
          isDuplicate: duplicate === '1',
          receivedMs: Number(receivedMs ?? NaN),
        });
      });
    }
    return records;
  }

  private async openTicketsOf(agents: readonly string[]): Promise<[string, string[]][]> {
    const pipeline = this.redis.pipeline();
    for (const agent of agents) pipeline.zrange(openTicketsKey(agent), '0', '-1');
    const answers = answersOf(await pipeline.exec()) as string[][];
    return agents.map((agent, index) => [agent, answers[index] ?? []]);
  }

  private async scan(pattern: string): Promise<string[]> {
    const keys = new Set<string>();
    for (let cursor = '0'; ;) {
      const [next, found] = await this.redis.scan(cursor, 'MATCH', pattern, 'COUNT', 2000);
      for (const key of found) keys.add(key);
      if (next === '0') return [...keys];
      cursor = next;
    }
  }
}

function openTicketsKey(agent: string): string {
  return `${DOMAIN}agent:${agent}:tickets`;
}

function answersOf(answers: readonly [error: Error | null, result: unknown][] | null): unknown[] {
  return (answers ?? []).map(([error, result]) => {
    if (error) throw error;
    return result;
  });
}
