import { Deeds, FOREVER_MS, KEPT_MS, TICK, decision, standing } from './spec-support/deeds';
import { list, named, texts } from './commands/replies';
import type { Domain } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const ID = 'incident-1';
const newDomain = useDomains();
let domain: Domain;
let deeds: Deeds;
beforeEach(() => {
  domain = newDomain();
  deeds = new Deeds(domain);
});
afterEach(async () => {
  expect(await domain.audit()).toEqual([]);
});

const settle = (most = 100) => domain.run('settle-members', ID, most, KEPT_MS);
const get = async (name: string, field: string) => (await domain.raw('HGET', name, field)) as string | null;

describe('a number of an incident that is none', () => {
  const names = ['epoch', 'last_member_ms', 'quiet_ms', 'told', 'opened_ms', 'category:Billing'];

  it.each(names)('in "%s" is told before anything is written, and all goes on once it was mended', async (name) => {
    await deeds.incident(ID, ['a', 'b']);
    const right = await get(`incident:${ID}`, name);
    const acts = [
      () => deeds.end(ID, 'resolved'),
      () => domain.run('unlink-member', ID, 'a', TICK),
      () => domain.run('sync-incident', ...standing(ID, { status: 'quiet', epoch: 2 })),
      () => domain.run('get-incident', ID),
    ];
    for (const value of ['many', '007', '1.5']) {
      await domain.raw('HSET', `incident:${ID}`, name, value);
      const before = await domain.dump();
      for (const act of acts) await expect(act()).rejects.toMatchObject({ code: 'damaged' });
      expect(await domain.run('list-incidents', '+inf', 10, '')).toEqual(['']);
      expect(await domain.dump()).toEqual(before);
    }
    await domain.raw('HSET', `incident:${ID}`, name, right ?? '0');
    expect(named(await deeds.end(ID, 'resolved'))[0]).toBe('done');
    expect((await settle()) as unknown).toEqual(['all', [], ['b', 'a'], []]);
  });

  it('among those that are only told keeps nobody from ending it', async () => {
    await deeds.incident(ID, ['a', 'b']);
    await domain.raw('HSET', `incident:${ID}`, 'max_urgency', '"');
    const [name, incident] = named(await deeds.end(ID, 'resolved'));
    expect(name).toBe('done');
    expect(JSON.parse(incident as string)).toMatchObject({ max_urgency: 0, member_count: 2 });
  });
});

describe('a suppressed ticket whose record was spoilt by hand', () => {
  const spoilt: readonly (readonly [string, string | null])[] = [
    ['lane', null],
    ['received_ms', 'yesterday'],
    ['input', null],
    ['attempts', '01'],
    ['status', null],
  ];

  it.each(['resolved', 'rejected'] as const)('is in nobody’s way when its incident is %s', async (status) => {
    const ids = spoilt.map(([field]) => `no-${field}`);
    await deeds.incident(ID, ['first', ...ids, 'last']);
    const right = new Map<string, string>();
    for (const [index, [field, value]] of spoilt.entries()) {
      const name = `ticket:${ids[index]}`;
      right.set(field, (await get(name, field)) ?? '0');
      await (value === null ? domain.raw('HDEL', name, field) : domain.raw('HSET', name, field, value));
    }
    await deeds.end(ID, status);
    for (const most of [2, 2, 2, 2, 100]) await settle(most);
    const fates = async () => Promise.all(['first', 'last'].map((id) => get(`ticket:${id}`, 'status')));
    const fate = status === 'resolved' ? 'completed' : 'queued';
    expect(await fates()).toEqual([fate, fate]);
    // It is kept, and those who look after incidents try again, until all were mended.
    expect(await domain.run('tell-of-incidents', 60_000)).toEqual([ID]);
    expect((await domain.dump())[`incident:${ID}`]?.[2]).toBe(false);
    for (const [index, [field]] of spoilt.entries()) {
      await domain.raw('HSET', `ticket:${ids[index]}`, field, right.get(field) ?? '');
    }
    const [more, , completed, queued] = list(await settle());
    expect([more, ...texts(completed), ...texts(queued)].sort()).toEqual(['all', ...ids].sort());
    expect(await domain.run('tell-of-incidents', 60_000)).toEqual([]);
    expect((await domain.dump())[`incident:${ID}`]?.[2]).toBe(true);
  });

  it('is not unlinked, and stays where it is until it was mended', async () => {
    await deeds.incident(ID, ['a', 'b']);
    await domain.raw('HDEL', 'ticket:b', 'lane');
    await expect(domain.run('unlink-member', ID, 'b', TICK)).rejects.toMatchObject({ code: 'damaged' });
    await domain.raw('HSET', 'ticket:b', 'lane', 'normal');
    expect(await domain.run('unlink-member', ID, 'b', TICK)).toEqual(['queued']);
  });
});

describe('a ticket that was put aside while it waited', () => {
  it('is not suppressed, and comes back in line', async () => {
    await deeds.committed('a');
    await domain.raw('DEL', 'waiting:Billing');
    await domain.raw('RPUSH', 'tickets:stray', 'a');
    expect(await deeds.join(ID, 'a')).toEqual([]);
    await deeds.sweep();
    expect((await domain.dump())['waiting:Billing']?.[1]).toEqual([['a', '1000']]);
  });
});

describe('a member whose record is gone', () => {
  it('is counted out as it was counted in', async () => {
    await deeds.incident(ID, ['a', 'b']);
    await domain.raw('DEL', 'ticket:b');
    await domain.raw('DECR', 'unfinished');
    expect(await domain.run('unlink-member', ID, 'b', TICK)).toEqual(['unlinked']);
    const [incident] = texts(await domain.run('get-incident', ID));
    expect(JSON.parse(incident!)).toMatchObject({ member_count: 1, requester_count: 1, categories: { Billing: 1 } });
  });

  it('keeps nobody from settling the others', async () => {
    await deeds.incident(ID, ['a', 'b']);
    await deeds.end(ID, 'resolved');
    await domain.raw('DEL', 'ticket:b');
    await domain.raw('DECR', 'unfinished');
    expect(await settle()).toEqual(['all', [], ['a'], []]);
  });
});

describe('what has ended', () => {
  it('does not begin again for somebody who comes late', async () => {
    await deeds.incident(ID, ['a']);
    await deeds.end(ID, 'resolved');
    await settle();
    await deeds.committed('b');
    await domain.run('sync-incident', ...standing(ID, { status: 'open', epoch: 3, joined: ['b'] }));
    expect(await get(`incident:${ID}`, 'status')).toBe('resolved');
    expect(await get('ticket:b', 'status')).toBe('waiting');
  });

  it('goes with all that is written about it afterwards', async () => {
    await deeds.claimed('a');
    await deeds.join(ID, 'a');
    await deeds.end(ID, 'resolved');
    await settle();
    expect((await domain.dump())[`incident:${ID}:counted`]).toBeUndefined();
    const part = { incident: ID, epoch: 2, routing: 'suppressed' } as const;
    await domain.run('commit', KEPT_MS, await deeds.version(), 0, ...decision('a', '', '', part));
    expect((await domain.dump())[`incident:${ID}:counted`]).toEqual(['hash', [['a', 'Billing']], true]);
  });
});

describe('a decision that relies on an incident', () => {
  const commit = async (epoch: number) => {
    const part = { incident: ID, epoch, routing: 'suppressed' } as const;
    const [, reply] = list(
      await domain.run('commit', KEPT_MS, await deeds.version(), 0, ...decision('a', '', '', part)),
    );
    return named(reply!)[0];
  };

  it('is refused, and changes nothing, once that has changed, was rejected or is not known', async () => {
    await deeds.claimed('a');
    expect(await commit(1)).toBe('incident_changed');
    await deeds.incident(ID, ['b']);
    const before = await domain.dump();
    expect(await commit(2)).toBe('incident_changed');
    expect(await domain.dump()).toEqual(before);
    await deeds.end(ID, 'rejected');
    // Of its epochs the log may know more than is written here.
    for (const epoch of [1, 2, 3]) expect(await commit(epoch)).toBe('incident_changed');
    await settle();
    expect(await commit(2)).toBe('incident_changed');
  });

  it('is refused once the ticket was unlinked', async () => {
    await deeds.incident(ID, ['b']);
    await deeds.noted('a');
    expect(await domain.run('unlink-member', ID, 'a', TICK)).toEqual(['unlinked']);
    expect(await commit(1)).toBe('incident_changed');
    expect(await domain.run('unlink-member', ID, 'a', TICK)).toEqual(['not_found']);
  });

  it('holds as long as it is open, quiet or resolved', async () => {
    await deeds.incident(ID, ['b']);
    await deeds.claimed('a');
    await domain.run('sync-incident', ...standing(ID, { status: 'quiet', epoch: 2 }));
    expect(await commit(2)).toBe('suppressed');
    expect((await domain.dump())[`incident:${ID}:members`]?.[1]).toHaveLength(2);
  });
});

describe('an incident that is opened by hand twice', () => {
  it('under one id is opened once, and both are told the same', async () => {
    await deeds.committed('a');
    await deeds.claimed('b');
    const args = [ID, 'An outage', TICK, FOREVER_MS, 'a', 'b'] as const;
    const first = await domain.run('open-incident', ...args);
    expect(named(first)[2]).toEqual(['a']);
    expect(await domain.run('open-incident', ...args)).toEqual(first);
    expect(await domain.run('open-incident', 'incident-2', ...args.slice(1))).toEqual(['taken', 'a', ID]);
  });
});
