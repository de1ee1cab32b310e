import { CATEGORIES, type TicketQuery, type TicketRecord, ticketQuerySchema } from '@smart-support/contracts';
import { aDecision, aNewTicket, anAgentInput, eventually } from '@smart-support/testing';
import { BLOCK_SIZE } from '@smart-support/broker/rules';
import type { RedisBroker } from './redis-broker';
import { committed, dead, openBroker } from './spec-support/brokers';
import type { Domain } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const newDomain = useDomains();
let domain: Domain;
let broker: RedisBroker;
beforeEach(async () => {
  domain = newDomain();
  broker = await openBroker(domain.server, domain.prefix);
});
afterEach(() => broker.close());

type Asked = Readonly<Record<string, string | undefined>>;
const queryOf = (asked: Asked): TicketQuery => ticketQuerySchema.parse(asked);

/** Ids of all tickets that match, page by page. */
async function idsOf(asked: Asked = {}): Promise<string[]> {
  const ids: string[] = [];
  let cursor = asked['cursor'];
  do {
    const { tickets, next_cursor } = await broker.tickets.list(queryOf({ ...asked, cursor }));
    ids.push(...tickets.map(({ id }) => id));
    cursor = next_cursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

const countOf = async (): Promise<number> => (await broker.tickets.count({})).total;

/** More would block a busy machine for longer than a client waits. */
const PER_COMMAND = 1000;

/** Accepts tickets, in order: `t0`, `t1`, ... */
async function accept(count: number, from = 0): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `t${from + index}`);
  const offers = ids.map((id, index) =>
    aNewTicket({ id, lane: index % 10 === 0 ? 'urgent' : 'normal', input: { requester: id } }),
  );
  for (let start = 0; start < count; start += PER_COMMAND)
    await broker.queue.accept(offers.slice(start, start + PER_COMMAND));
  return ids;
}

/** Lets records expire. */
async function expire(ids: readonly string[]): Promise<void> {
  await domain.server.command('DEL', ...ids.map((id) => domain.key(`ticket:${id}`)));
}

/** Prunes to the end of the index. */
async function prune(): Promise<void> {
  while ((await domain.run('tickets/prune-index', { limit: 1000 })) === 1);
}

/** The blocks of which there are keys. */
async function blocks(): Promise<string[]> {
  const names = (await domain.raw('KEYS', 'index:*')) as string[];
  return names.map((name) => name.slice(domain.key('index:').length)).sort();
}

describe('the index of tickets', () => {
  it('has 10,000 tickets of every status in three blocks: pages in each order, and counts, are those of the records', async () => {
    const ids = await accept(10_000);
    await broker.agents.put('ann', anAgentInput({ capacity: 1500 }));
    let turn = 0;

    for (;;) {
      const claims = await broker.queue.claim(200);
      if (claims.length === 0 || turn > 8000) break;
      await Promise.all(
        claims.map(async (claim) => {
          turn += 1;
          if (turn % 7 === 0) return;
          if (turn % 7 === 1)
            return void (await broker.queue.fail(claim, { code: 'c', message: 'm', retryable: turn % 2 === 0 }));
          const decision = aDecision({
            category: CATEGORIES[turn % CATEGORIES.length]!,
            urgency_score: ((turn * 7919) % 1000) / 1000,
          });
          const flags = { needs_review: turn % 5 === 0, automated: turn % 11 === 0 };
          const { ticket } = await broker.tickets.commit(claim, { ...decision, ...flags });
          if (ticket.status === 'assigned' && turn % 3 === 0) await broker.tickets.complete(ticket.id, {});
        }),
      );
    }
    const records: TicketRecord[] = [];
    for (const id of ids) records.push((await broker.tickets.get(id))!);
    expect(new Set(records.map(({ ticket }) => ticket.status)).size).toBe(6);
    const idsWhere = (matches: (record: TicketRecord) => boolean): string[] =>
      records.filter(matches).map(({ ticket }) => ticket.id);
    const stepOf = ({ ticket }: TicketRecord): number =>
      ticket.urgency_score === null ? -1 : Math.floor(ticket.urgency_score * 100);
    const byUrgency = [...records].reverse().sort((a, b) => stepOf(b) - stepOf(a));

    expect(await idsOf({ sort: 'oldest' })).toEqual(ids);
    expect(await idsOf()).toEqual([...ids].reverse());
    expect(await idsOf({ sort: 'urgency' })).toEqual(byUrgency.map(({ ticket }) => ticket.id));
    const filters: readonly (readonly [Asked, (record: TicketRecord) => boolean])[] = [
      [{ status: 'dead,completed' }, ({ ticket }) => ['dead', 'completed'].includes(ticket.status)],
      [
        { agent: 'ann', category: 'Legal' },
        ({ ticket }) => ticket.assigned_agent === 'ann' && ticket.category === 'Legal',
      ],
      [{ lane: 'urgent' }, ({ explanation }) => explanation.lane.name === 'urgent'],
      [{ needs_review: 'true' }, ({ ticket }) => ticket.needs_review],
      [{ automated: 'true' }, ({ ticket }) => ticket.automated],
      [{ requester: 't5000' }, ({ ticket }) => ticket.requester === 't5000'],
    ];
    for (const [asked, matches] of filters) {
      const expected = idsWhere(matches);
      expect(expected).not.toEqual([]);
      expect([asked, await idsOf({ ...asked, sort: 'oldest' })]).toEqual([asked, expected]);
    }
    const counts = await broker.tickets.count({});
    expect(counts).toMatchObject({
      total: ids.length,
      status: { dead: idsWhere(({ ticket }) => ticket.status === 'dead').length },
      category: { Legal: idsWhere(({ ticket }) => ticket.category === 'Legal').length },
      needs_review: idsWhere(({ ticket }) => ticket.needs_review).length,
    });
  }, 120_000);

  it('loses expired tickets by pruning, and blocks without tickets: pages behind them still work', async () => {
    const ids = await accept(3 * BLOCK_SIZE + 10);
    const { next_cursor } = await broker.tickets.list(queryOf({ sort: 'oldest' }));
    // The second block first: the first one is still there.
    await expire(ids.slice(BLOCK_SIZE, 2 * BLOCK_SIZE));
    await prune();
    expect(await domain.raw('HGET', 'index', 'first_block')).toBe('0');
    expect(await blocks()).toEqual(['0:columns', '0:ids', '2:columns', '2:ids', '3:columns', '3:ids']);
    expect(await countOf()).toBe(2 * BLOCK_SIZE + 10);
    await expire(ids.slice(0, BLOCK_SIZE));
    await prune();
    expect(await domain.raw('HGET', 'index', 'first_block')).toBe('2');
    expect(await blocks()).toEqual(['2:columns', '2:ids', '3:columns', '3:ids']);
    const left = ids.slice(2 * BLOCK_SIZE);
    expect(await countOf()).toBe(left.length);
    expect(await idsOf({ sort: 'oldest' })).toEqual(left);
    expect(await idsOf({ sort: 'oldest', cursor: next_cursor ?? '' })).toEqual(left);
    expect(await idsOf()).toEqual([...left].reverse());
    // The latest block stays, because new tickets get its places.
    await expire(left);
    await prune();
    expect(await domain.raw('HGET', 'index', 'first_block')).toBe('3');
    expect([await blocks(), await countOf()]).toEqual([['3:columns', '3:ids'], 0]);
    await accept(2, ids.length);
    expect(await idsOf()).toEqual([`t${ids.length + 1}`, `t${ids.length}`]);
  }, 60_000);

  it('is pruned by the process that leads the sweep', async () => {
    await broker.close();
    broker = await openBroker(domain.server, domain.prefix, { retentionMs: 1 });
    await broker.agents.put('ann', anAgentInput());
    await committed(broker, 'a');
    await broker.tickets.complete('a', {});
    const lead = broker.leadSweeps(20);
    await eventually('it is gone', async () => (await countOf()) === 0);
    await lead.stop();
  });

  it('has a ticket once whose id comes again after its retention', async () => {
    await dead(broker, 'a');
    await domain.raw('DEL', 'ticket:a');
    await broker.queue.accept([aNewTicket({ id: 'a' })]);
    expect(await idsOf()).toEqual(['a']);
    await prune();
    expect([await idsOf(), await countOf()]).toEqual([['a'], 1]);
  });

  it('does not have a ticket of an earlier version, which lives on as before', async () => {
    await accept(2);
    await domain.raw('HDEL', 'ticket:t0', 'number');
    const claim = await broker.queue.claimById('t0');
    await broker.agents.put('ann', anAgentInput());
    await broker.tickets.commit(claim!, aDecision());
    expect((await broker.tickets.complete('t0', {})).ticket.status).toBe('completed');
    expect(await idsOf()).toEqual(['t1']);
    await prune();
    expect([await idsOf(), await countOf()]).toEqual([['t1'], 1]);
  });

  it('has each new ticket once after the loss of keys', async () => {
    await accept(BLOCK_SIZE + 5);
    await domain.raw('DEL', 'index');
    await accept(3, 10_000);
    const next = Number(await domain.raw('HGET', 'index', 'next'));
    expect(next).toBe(2 * BLOCK_SIZE + 3);
    expect((await idsOf()).slice(0, 4)).toEqual(['t10002', 't10001', 't10000', `t${BLOCK_SIZE + 4}`]);
    await domain.raw('DEL', 'index:2:ids');
    await accept(1, 20_000);
    const left = await idsOf();
    expect([left[0], left.length]).toEqual(['t20000', BLOCK_SIZE + 5 + 1]);
    await accept(1, 30_000);
    expect((await idsOf()).slice(0, 2)).toEqual(['t30000', 't20000']);
    await prune();
    expect(await countOf()).toBe(left.length + 1);
  });

  it('that is corrupt has no new tickets until it is repaired', async () => {
    await accept(2);
    await domain.corrupt('index');
    await committed(broker, 'unlisted');
    expect([await idsOf(), await countOf()]).toEqual([[], 0]);
    await prune();
    await domain.restore('index');
    await committed(broker, 'later');
    expect(await idsOf()).toEqual(['later', 't1', 't0']);
    expect((await broker.tickets.get('unlisted'))?.ticket.status).toBe('waiting');
  });

  it('has no tickets if the Redis user lacks its rights, and nothing else fails', async () => {
    const rights = ['bitfield', 'getrange', 'setrange'];
    await domain.server.command('ACL', 'SETUSER', 'default', ...rights.map((one) => `-${one}`));
    try {
      await committed(broker, 'a');
      await dead(broker, 'b');
      await prune();
      expect([await idsOf(), await countOf()]).toEqual([[], 0]);
      expect((await broker.tickets.get('a'))?.ticket.status).toBe('waiting');
    } finally {
      await domain.server.command('ACL', 'SETUSER', 'default', ...rights.map((one) => `+${one}`));
    }
  });

  it('has the other tickets although a record is corrupt', async () => {
    await accept(3);
    await domain.raw('HSET', 'ticket:t1', 'input', 'not ours');
    expect(await idsOf()).toEqual(['t2', 't0']);
    await domain.corrupt('ticket:t2');
    expect(await idsOf()).toEqual(['t0']);
    await prune();
    await domain.restore('ticket:t2');
    expect(await idsOf()).toEqual(['t2', 't0']);
  });
});
