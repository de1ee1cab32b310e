import { RawCommands, FOREVER_MS, KEPT_MS, TICK, decision, recordArguments } from './spec-support/raw-commands';
import { list, named, texts } from './commands/replies';
import type { Domain } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const ID = 'incident-1';
const newDomain = useDomains();
let domain: Domain;
let commands: RawCommands;
beforeEach(() => {
  domain = newDomain();
  commands = new RawCommands(domain);
});
afterEach(async () => {
  expect(await domain.audit()).toEqual([]);
});

const settle = (most = 100) => domain.run('incidents/settle-members', { id: ID, limit: most, retention_ms: KEPT_MS });
const get = async (name: string, field: string) => (await domain.raw('HGET', name, field)) as string | null;

describe('an invalid number of an incident', () => {
  const names = ['epoch', 'last_member_ms', 'quiet_ms', 'notified_members', 'marked', 'opened_ms', 'category:Billing'];

  it.each(names)(
    'in "%s" is reported before anything is written, and all goes on once it was repaired',
    async (name) => {
      await commands.incident(ID, ['a', 'b']);
      const right = await get(`incident:${ID}`, name);
      const acts = [
        () => commands.decide(ID, 'resolve'),
        () => domain.run('incidents/unlink', { id: ID, ticket: 'a', entry: TICK }),
        () => domain.run('storms/write-record', recordArguments(ID, { status: 'quiet', epoch: 2 })),
        () => domain.run('incidents/get', { id: ID }),
      ];
      for (const value of ['many', '007', '1.5']) {
        await domain.raw('HSET', `incident:${ID}`, name, value);
        const before = await domain.dump();
        for (const act of acts) await expect(act()).rejects.toMatchObject({ code: 'corrupt' });
        expect(await domain.run('incidents/list', { before: '+inf', limit: 10, status: '' })).toEqual(['']);
        expect(await domain.dump()).toEqual(before);
      }
      await domain.raw('HSET', `incident:${ID}`, name, right ?? '0');
      expect(named(await commands.decide(ID, 'resolve'))[0]).toBe('done');
      expect((await settle()) as unknown).toEqual(['all', [], ['b', 'a'], []]);
    },
  );

  it('that is only displayed does not prevent the end of the incident', async () => {
    await commands.incident(ID, ['a', 'b']);
    await domain.raw('HSET', `incident:${ID}`, 'max_urgency', '"');
    const [name, incident] = named(await commands.decide(ID, 'resolve'));
    expect(name).toBe('done');
    expect(JSON.parse(incident as string)).toMatchObject({ max_urgency: 0, member_count: 2 });
  });
});

describe('a suppressed ticket with a record that was corrupted by hand', () => {
  const spoilt: readonly (readonly [string, string | null])[] = [
    ['lane', null],
    ['received_ms', 'yesterday'],
    ['input', null],
    ['attempts', '01'],
    ['status', null],
  ];

  it.each(['resolved', 'rejected'] as const)('delays no other when its incident is %s', async (status) => {
    const ids = spoilt.map(([field]) => `no-${field}`);
    await commands.incident(ID, ['first', ...ids, 'last']);
    const right = new Map<string, string>();
    for (const [index, [field, value]] of spoilt.entries()) {
      const name = `ticket:${ids[index]}`;
      right.set(field, (await get(name, field)) ?? '0');
      await (value === null ? domain.raw('HDEL', name, field) : domain.raw('HSET', name, field, value));
    }
    await commands.decide(ID, status === 'resolved' ? 'resolve' : 'reject');
    for (const most of [2, 2, 2, 2, 100]) await settle(most);
    const fates = async () => Promise.all(['first', 'last'].map((id) => get(`ticket:${id}`, 'status')));
    const fate = status === 'resolved' ? 'completed' : 'queued';
    expect(await fates()).toEqual([fate, fate]);
    // It is kept, and settling is tried again, until all were repaired.
    expect(await domain.run('storms/emit-events', { interval_ms: 60_000 })).toEqual([ID]);
    expect((await domain.dump())[`incident:${ID}`]?.[2]).toBe(false);
    for (const [index, [field]] of spoilt.entries()) {
      await domain.raw('HSET', `ticket:${ids[index]}`, field, right.get(field) ?? '');
    }
    const [more, , completed, queued] = list(await settle());
    expect([more, ...texts(completed), ...texts(queued)].sort()).toEqual(['all', ...ids].sort());
    expect(await domain.run('storms/emit-events', { interval_ms: 60_000 })).toEqual([]);
    expect((await domain.dump())[`incident:${ID}`]?.[2]).toBe(true);
  });

  it('is not unlinked, and stays where it is until it was repaired', async () => {
    await commands.incident(ID, ['a', 'b']);
    await domain.raw('HDEL', 'ticket:b', 'lane');
    await expect(domain.run('incidents/unlink', { id: ID, ticket: 'b', entry: TICK })).rejects.toMatchObject({
      code: 'corrupt',
    });
    await domain.raw('HSET', 'ticket:b', 'lane', 'normal');
    expect(await domain.run('incidents/unlink', { id: ID, ticket: 'b', entry: TICK })).toEqual(['queued']);
  });
});

describe('a quarantined ticket that waited', () => {
  it('is not suppressed, and comes back in line', async () => {
    await commands.committed('a');
    await domain.raw('DEL', 'waiting:Billing');
    await domain.raw('RPUSH', 'tickets:quarantined', 'a');
    expect(await commands.join(ID, 'a')).toEqual([]);
    await commands.sweep();
    expect((await domain.dump())['waiting:Billing']?.[1]).toEqual([['a', '1000']]);
  });
});

describe('a member whose record is gone', () => {
  it('is subtracted from the counts as it was added', async () => {
    await commands.incident(ID, ['a', 'b']);
    await domain.raw('DEL', 'ticket:b');
    await domain.raw('DECR', 'unfinished');
    expect(await domain.run('incidents/unlink', { id: ID, ticket: 'b', entry: TICK })).toEqual(['unlinked']);
    const [incident] = texts(await domain.run('incidents/get', { id: ID }));
    expect(JSON.parse(incident!)).toMatchObject({ member_count: 1, requester_count: 1, categories: { Billing: 1 } });
  });

  it('does not prevent the settling of the others', async () => {
    await commands.incident(ID, ['a', 'b']);
    await commands.decide(ID, 'resolve');
    await domain.raw('DEL', 'ticket:b');
    await domain.raw('DECR', 'unfinished');
    expect(await settle()).toEqual(['all', [], ['a'], []]);
  });
});

describe('a large incident', () => {
  /** Members without a record of their own, all of one millisecond. */
  const without = (count: number) => Array.from({ length: count }, (_, index) => `m${String(index).padStart(4, '0')}`);

  it('is settled in small parts, each member once, also while members leave', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `m${index}`);
    await commands.incident(ID, ids);
    await commands.decide(ID, 'resolve');
    const settled: string[] = [];
    for (let more = 'more'; more === 'more';) {
      const [name, , completed] = named(await settle(10));
      settled.push(...texts(completed));
      more = name;
      if (settled.length === 10) await domain.raw('ZREM', `incident:${ID}:members`, settled.at(-1)!, settled[0]!);
    }
    expect(settled.slice().sort()).toEqual(ids.slice().sort());
    for (const member of [settled[9]!, settled[0]!]) await domain.raw('ZADD', `incident:${ID}:members`, 1000, member);
    expect(await domain.raw('SMEMBERS', 'incidents:unsettled')).toEqual([]);
  });

  it('is listed in pages, although all of its members arrived in one millisecond and the last one of a page has left', async () => {
    const ids = without(250);
    await domain.run('storms/write-record', recordArguments(ID, { status: 'suspected', joined: ids.slice(0, 200) }));
    await domain.run('storms/write-record', recordArguments(ID, { status: 'suspected', joined: ids.slice(200) }));
    const shown: string[] = [];
    let place = { after_ms: -1, after: '' };
    for (let more = 'more'; more === 'more';) {
      const [name = '', ...flat] = texts(await domain.run('incidents/members', { id: ID, ...place, limit: 60 }));
      shown.push(...flat.filter((_, index) => index % 3 === 0));
      place = { after_ms: 1000, after: shown.at(-1)! };
      more = name;
      if (shown.length === 120)
        await domain.run('storms/write-record', recordArguments(ID, { status: 'suspected', left: ['m0119'] }));
    }
    expect(shown).toEqual(ids);
  });
});

describe('a doubtful member', () => {
  const status = (ticket: string) => get(`ticket:${ticket}`, 'status');
  /** Of `count` members every third is doubtful. */
  const mixed = async (count: number): Promise<{ doubtful: string[]; others: string[] }> => {
    const ids = Array.from({ length: count }, (_, index) => `m${index}`);
    const doubtful = ids.filter((_, index) => index % 3 === 0);
    const others = ids.filter((_, index) => index % 3 > 0);
    await commands.incident(ID, others);
    for (const id of doubtful) {
      await commands.committed(id);
      await commands.join(ID, id, '-l');
    }
    return { doubtful, others };
  };

  it.each([
    [false, 'queued'],
    [true, 'completed'],
  ] as const)(
    'is settled by the operator’s choice, although another process continues and others join meanwhile (completed: %s)',
    async (completes, fate) => {
      const { doubtful, others } = await mixed(9);
      await commands.decide(ID, 'resolve', completes);
      expect(named(await settle(4))[0]).toBe('more');
      // Late commits would change the category that most members have.
      for (const category of ['Billing', 'Legal']) {
        await domain.raw('HSET', `incident:${ID}`, `category:${category}`, category === 'Legal' ? 100 : 9);
      }
      // The position is lost: it starts again, and does nothing twice.
      await domain.raw('HDEL', `incident:${ID}`, 'settle_ms', 'settle_id');
      for (let more = 'more'; more === 'more';) more = named(await settle(4))[0];
      await domain.raw('HDEL', `incident:${ID}`, 'category:Legal');
      expect(await Promise.all(others.map(status))).toEqual(others.map(() => 'completed'));
      expect(await Promise.all(doubtful.map(status))).toEqual(doubtful.map(() => fate));
      const lane = (await domain.dump())['tickets:normal']?.[1] ?? [];
      expect(lane).toHaveLength(completes ? 0 : doubtful.length);
    },
  );

  it('that was released is not appended to the log again, however often it is judged, and by whichever broker', async () => {
    const { doubtful } = await mixed(3);
    await commands.decide(ID, 'resolve');
    await settle();
    const [id = ''] = doubtful;
    await commands.claim(id);
    const before = await domain.raw('XLEN', 'storm:log');
    for (const again of ['', '1']) {
      const reply = list(
        await domain.run('storms/append', { last: '', limit: 10, rules: TICK, is_again: again }, [
          { id, token: `token-${id}`, entry: TICK, is_always_routed: '' },
        ]),
      );
      expect(reply[1]).toEqual([ID, '0.9']);
    }
    // The rules, which were not there before.
    expect(await domain.raw('XLEN', 'storm:log')).toBe(Number(before) + 1);
  });

  it('among very many others is searched for in bounded parts', async () => {
    const ids = Array.from({ length: 2_500 }, (_, index) => `m${String(index).padStart(4, '0')}`);
    for (let start = 0; start < ids.length; start += 500) {
      const joined = ids.slice(start, start + 500).map((id) => [id, 0.9, id === 'm2200' ? '-ls' : '-'] as const);
      await domain.run('storms/write-record', recordArguments(ID, { status: 'suspected', joined }));
    }
    const pages: string[][] = [];
    let [after_ms, after] = ['-1', ''];
    for (let more = 'more'; more === 'more';) {
      const [name = '', ms = '', last = '', ...found] = texts(
        await domain.run('incidents/doubtful-members', { id: ID, after_ms, after, limit: 100 }),
      );
      pages.push(found);
      [after_ms, after] = [ms, last];
      more = name;
    }
    expect(pages).toEqual([[], [], ['m2200', '0.9', '1000', '-ls', '']]);
    const [incident] = texts(await domain.run('incidents/get', { id: ID }));
    expect(JSON.parse(incident!)).toMatchObject({ doubtful_members: { count: 1, completed: null } });
  });

  it('is listed with what is known, although the value of its joining is corrupt', async () => {
    await mixed(3);
    await domain.raw('HSET', `incident:${ID}:similarity`, 'm0', 'spoilt');
    const listed = async () =>
      texts(await domain.run('incidents/doubtful-members', { id: ID, after_ms: -1, after: '', limit: 10 })).slice(3);
    expect(await listed()).toEqual([]);
    await domain.raw('HSET', `incident:${ID}:similarity`, 'm0', '0.9 -l t:m0');
    expect(await listed()).toEqual(['m0', '0.9', expect.any(String), '-l', '']);
  });
});

describe('many incidents', () => {
  it('are searched for those of a status, however many later ones there are', async () => {
    await commands.incident(ID, ['a']);
    await domain.raw(
      'ZADD',
      'incidents',
      ...Array.from({ length: 2_500 }, (_, index) => [10 + index, `old-${index}`]).flat(),
    );
    for (let index = 0; index < 2_500; index += 500)
      await domain.raw('HSET', `incident:old-${index}`, 'status', 'quiet');
    const found: string[] = [];
    let [before, pages] = ['+inf', 0];
    do {
      const [next = '', ...page] = texts(await domain.run('incidents/list', { before, limit: 100, status: 'open' }));
      found.push(...page);
      before = next;
      pages += 1;
    } while (before !== '');
    expect(found).toHaveLength(1);
    expect(pages).toBe(3);
    for (let index = 0; index < 2_500; index += 500) await domain.raw('DEL', `incident:old-${index}`);
  });
});

describe('an ended incident', () => {
  it('is dropped after its retention time with all its keys', async () => {
    await commands.incident(ID, ['a', 'b']);
    await commands.incident('incident-2', ['c']);
    await commands.decide(ID, 'resolve');
    await domain.run('incidents/settle-members', { id: ID, limit: 100, retention_ms: 1 });
    expect((await domain.dump())['incidents:ended']?.[1]).toHaveLength(1);
    await domain.raw('ZADD', 'incidents:ended', 1000, ID);
    await domain.run('storms/emit-events', { interval_ms: 60_000 });
    const left = Object.keys(await domain.dump()).filter((name) => name.startsWith('incident:'));
    expect(left.every((name) => name.startsWith('incident:incident-2'))).toBe(true);
    expect(texts(await domain.run('incidents/list', { before: '+inf', limit: 10, status: '' })).slice(1)).toHaveLength(
      1,
    );
  });

  it('does not start again for a process that is behind', async () => {
    await commands.incident(ID, ['a']);
    await commands.decide(ID, 'resolve');
    await settle();
    await commands.committed('b');
    await domain.run('storms/write-record', recordArguments(ID, { status: 'open', epoch: 3, joined: ['b'] }));
    expect(await get(`incident:${ID}`, 'status')).toBe('resolved');
    expect(await get('ticket:b', 'status')).toBe('waiting');
  });

  it('is dropped with all that is written about it afterwards', async () => {
    await commands.claimed('a');
    await commands.join(ID, 'a');
    await commands.decide(ID, 'resolve');
    await settle();
    expect((await domain.dump())[`incident:${ID}:counted`]).toBeUndefined();
    const part = { incident: ID, epoch: 2, routing: 'suppressed' } as const;
    await domain.run(
      'tickets/commit',
      { retention_ms: KEPT_MS, roster_version: await commands.version() },
      [decision('a', '', '', part)],
      [0],
    );
    expect((await domain.dump())[`incident:${ID}:counted`]).toEqual(['hash', [['a', 'Billing']], false]);
    await domain.raw('ZADD', 'incidents:ended', 1000, ID);
    await domain.run('storms/emit-events', { interval_ms: 60_000 });
    expect(Object.keys(await domain.dump()).filter((name) => name.startsWith('incident'))).toEqual(['incidents:count']);
  });
});

describe('a decision that relies on an incident', () => {
  const commit = async (epoch: number) => {
    const part = { incident: ID, epoch, routing: 'suppressed' } as const;
    const [, reply] = list(
      await domain.run(
        'tickets/commit',
        { retention_ms: KEPT_MS, roster_version: await commands.version() },
        [decision('a', '', '', part)],
        [0],
      ),
    );
    return named(reply!)[0];
  };

  it('is refused, and changes nothing, once the incident has changed, was rejected or is unknown', async () => {
    await commands.claimed('a');
    expect(await commit(1)).toBe('incident_changed');
    await commands.incident(ID, ['b']);
    const before = await domain.dump();
    expect(await commit(2)).toBe('incident_changed');
    expect(await domain.dump()).toEqual(before);
    await commands.decide(ID, 'reject');
    // The log may know later epochs than the record.
    for (const epoch of [1, 2, 3]) expect(await commit(epoch)).toBe('incident_changed');
    await settle();
    expect(await commit(2)).toBe('incident_changed');
  });

  it('is refused once the ticket was unlinked', async () => {
    await commands.incident(ID, ['b']);
    await commands.logged('a');
    expect(await domain.run('incidents/unlink', { id: ID, ticket: 'a', entry: TICK })).toEqual(['unlinked']);
    expect(await commit(1)).toBe('incident_changed');
    expect(await domain.run('incidents/unlink', { id: ID, ticket: 'a', entry: TICK })).toEqual(['not_found']);
  });

  it('is valid while the incident is open, quiet or resolved', async () => {
    await commands.incident(ID, ['b']);
    await commands.claimed('a');
    await domain.run('storms/write-record', recordArguments(ID, { status: 'quiet', epoch: 2 }));
    expect(await commit(2)).toBe('suppressed');
    expect((await domain.dump())[`incident:${ID}:members`]?.[1]).toHaveLength(2);
  });
});

describe('an incident that an operator opens twice', () => {
  it('under one id is opened once, and both calls get the same reply', async () => {
    await commands.committed('a');
    await commands.claimed('b');
    const args = { id: ID, title: 'An outage', entry: TICK, quiet_ms: FOREVER_MS, tickets: ['a', 'b'] };
    const first = await domain.run('incidents/open', args);
    expect(named(first)[2]).toEqual(['a']);
    expect(await domain.run('incidents/open', args)).toEqual(first);
    expect(await domain.run('incidents/open', { ...args, id: 'incident-2' })).toEqual(['taken', 'a', ID]);
  });
});
