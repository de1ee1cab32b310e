import { type StormVerdict, isSmartSupportError } from '@smart-support/contracts';
import { entryToJson } from '@smart-support/storm';
import { aDecision, aNewTicket, aTicket, anArrival } from '@smart-support/testing';
import { arrivedEntry } from '@smart-support/broker/rules';
import * as fc from 'fast-check';
import { texts } from './commands/replies';
import type { RedisBroker } from './redis-broker';
import { claimed, openBroker } from './spec-support/brokers';
import type { Domain } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';
import { LogFollower } from './storm-log/log-follower';

const RULES = {
  windowMs: 60_000,
  ticketThreshold: 10,
  similarity: 0.9,
  baselineSimilarity: 0.8,
  quietMs: 600_000,
  reopenMs: 86_400_000,
};
/** As many similar tickets as make an incident, in the order in which most tests write them. */
const ALIKE = Array.from({ length: RULES.ticketThreshold + 1 }, (_, index) => `alike-${index}`);
const ALL_BUT_ONE = ALIKE.slice(0, -1);

const newDomain = useDomains();
let domain: Domain;
const brokers: RedisBroker[] = [];
beforeEach(() => {
  domain = newDomain();
});
afterEach(closeAll);

async function closeAll(): Promise<void> {
  for (const broker of brokers.splice(0)) await broker.close();
}

async function open(storm = RULES): Promise<RedisBroker> {
  const broker = await openBroker(domain.server, domain.prefix, { storm, leaseMs: 60_000 });
  brokers.push(broker);
  return broker;
}

/** A reader of the log that does not act on changes. */
async function aFollower(rules = RULES): Promise<LogFollower> {
  const follower = new LogFollower(domain.lua, rules, async () => undefined);
  await follower.follow();
  return follower;
}

/** Claims a ticket, judges it and commits accordingly: once more if its incident has changed in between. */
async function judged(broker: RedisBroker, id: string, arrival = anArrival()): Promise<StormVerdict> {
  const claim = await claimed(broker, id);
  for (;;) {
    const storm = await broker.storms.judge(claim, arrival);
    try {
      await broker.tickets.commit(claim, { ...aDecision(), storm });
      return storm;
    } catch (error) {
      if (!isSmartSupportError(error, 'incident_changed')) throw error;
    }
  }
}

/** Judges similar tickets one after the other, each by the next of some brokers. @returns the incident of each verdict */
async function judgedInTurn(by: readonly RedisBroker[], ids: readonly string[]): Promise<(string | null)[]> {
  const incidents: (string | null)[] = [];
  for (const [index, id] of ids.entries()) {
    const { incident } = await judged(by[index % by.length]!, id);
    incidents.push(incident?.id ?? null);
  }
  return incidents;
}

/** The entries of the log about one ticket. */
async function written(): Promise<{ readonly id: string; readonly ticketId: string }[]> {
  const [, ...flat] = texts(await domain.run('storms/read-entries', { last: '', limit: 10_000 }));
  return flat.flatMap((id, index) => {
    const ticketId = /"ticket_id":"(?<ticketId>[^"]+)"/.exec(flat[index + 1] ?? '')?.groups?.['ticketId'];
    return index % 2 === 1 || ticketId === undefined ? [] : [{ id, ticketId }];
  });
}

const incidentIds = async (broker: RedisBroker) => (await broker.incidents.list()).incidents.map(({ id }) => id);

/** A ticket of its own for each of up to 14 numbers. */
const noise = (number: number) => anArrival({ topic: 1 + (number % 7), degrees: number < 7 ? 0 : 90 });

/** Similar tickets and others in any order, each claimed by any of several workers. */
const aDay = fc
  .record({ workers: fc.constantFrom(1, 2, 4), others: fc.nat(9), areAtOnce: fc.boolean() })
  .chain(({ workers, others, areAtOnce }) => {
    const tickets = [...ALIKE, ...Array.from({ length: others }, (_, index) => `other-${index}`)];
    return fc.record({
      workers: fc.constant(workers),
      areAtOnce: fc.constant(areAtOnce),
      order: fc.shuffledSubarray(tickets, { minLength: tickets.length }),
      hands: fc.array(fc.nat(workers - 1), { minLength: tickets.length, maxLength: tickets.length }),
    });
  });

describe('one Master Incident', () => {
  /** Judges the tickets of a sequence. @returns the incident of each verdict */
  async function judgeAll(
    team: readonly RedisBroker[],
    { order, hands, areAtOnce }: { order: string[]; hands: number[]; areAtOnce: boolean },
  ): Promise<Map<string, string | null>> {
    const incidents = new Map<string, string | null>();
    const judge = async (id: string, index: number): Promise<void> => {
      const arrival = id.startsWith('alike') ? anArrival() : noise(Number(id.split('-')[1]));
      const { incident } = await judged(team[hands[index] ?? 0]!, id, arrival);
      incidents.set(id, incident?.id ?? null);
    };
    if (areAtOnce) await Promise.all(order.map(judge));
    else for (const [index, id] of order.entries()) await judge(id, index);
    return incidents;
  }

  it('opens however many workers judge at once', async () => {
    const property = fc.asyncProperty(aDay, async (day) => {
      domain = newDomain();
      const team = await Promise.all(Array.from({ length: day.workers }, () => open()));
      const incidents = await judgeAll(team, day);
      const alike = (await written()).filter(({ ticketId }) => ticketId.startsWith('alike'));
      expect(alike.map(({ ticketId }) => ticketId).sort()).toEqual([...ALIKE].sort());
      const eleventh = alike.at(-1)!;
      const incidentId = `incident-${eleventh.id}`;
      expect((await team.at(-1)!.incidents.list()).incidents).toMatchObject([
        { id: incidentId, status: 'open', member_count: ALIKE.length },
      ]);
      expect(incidents.get(eleventh.ticketId)).toBe(incidentId);
      // Of several that are judged at the same moment, the verdict about one may include what the next one has changed.
      if (!day.areAtOnce) {
        const ten = alike.slice(0, -1).map(({ ticketId }) => incidents.get(ticketId));
        expect(ten).toEqual(ten.map(() => null));
      }
      for (const id of day.order) {
        const { status, master_incident_id } = (await team[0]!.tickets.get(id))!.ticket;
        const expected = id.startsWith('alike') ? ['suppressed', incidentId] : ['waiting', null];
        expect([id, status, master_incident_id]).toEqual([id, ...expected]);
      }
      expect(await domain.audit()).toEqual([]);
      await closeAll();
    });
    await fc.assert(property, { numRuns: 30 });
  });
});

describe('a broker that starts late', () => {
  it('or loads a snapshot and the later entries, gives the same verdicts', async () => {
    const early = await open();
    await judgedInTurn([early], ALIKE.slice(0, 7));
    const keeper = await aFollower();
    await keeper.saveSnapshot();
    await judgedInTurn([early], ALIKE.slice(7, 8));
    const late = await open();
    const incidents = await judgedInTurn([late, early], [...ALIKE.slice(8), 'more', 'and-more']);
    const [id] = await incidentIds(early);
    expect(incidents).toEqual([null, null, id, id, id]);

    await keeper.follow();
    const fromSnapshot = await aFollower();
    await domain.raw('DEL', 'storm:snapshot');
    const fromTheBeginning = await aFollower();
    await keeper.saveSnapshot();
    const fromLaterSnapshot = await aFollower();
    for (const ticketId of [...ALIKE, 'more', 'and-more', 'unknown']) {
      const [verdict] = await keeper.readPage(undefined, [ticketId]);
      expect(verdict?.incident?.id).toBe(ticketId === 'unknown' ? undefined : id);
      for (const follower of [fromSnapshot, fromTheBeginning, fromLaterSnapshot]) {
        expect(await follower.readPage(undefined, [ticketId])).toEqual([verdict]);
      }
    }
    const latest = await open();
    expect(await judgedInTurn([latest, early], ['last', 'very-last'])).toEqual([id, id]);
    expect(await incidentIds(latest)).toEqual([id]);
    expect(await domain.audit()).toEqual([]);
  });
});

describe('a reader that fell behind the trimmed part', () => {
  it('loads the log again', async () => {
    const [behind, other] = [await open(), await open()];
    await domain.run('storms/tick', { entry: '{"kind":"tick"}', interval_ms: 0 });
    await behind.queue.sweep();
    await judgedInTurn([other], ALL_BUT_ONE);
    await (await aFollower()).saveSnapshot();
    const [first] = await written();
    await domain.raw('XTRIM', 'storm:log', 'MINID', first!.id);
    expect(await domain.raw('XLEN', 'storm:log')).toBe(ALL_BUT_ONE.length);
    const [id] = await judgedInTurn([behind], ALIKE.slice(-1));
    expect(id).toBe(`incident-${(await written()).at(-1)?.id}`);
    expect(await incidentIds(other)).toEqual([id]);
    expect(await judgedInTurn([other, behind], ['more', 'and-more'])).toEqual([id, id]);
    expect(await domain.audit()).toEqual([]);
  });

  it('keeps the rules of a process that started later, and applies them', async () => {
    const behind = await open();
    await domain.run('storms/tick', { entry: '{"kind":"tick"}', interval_ms: 0 });
    await behind.queue.sweep();
    const keeper = await aFollower({ ...RULES, ticketThreshold: 2, quietMs: 300_000 });
    await keeper.saveSnapshot();
    await domain.raw('XTRIM', 'storm:log', 'MINID', keeper.position);
    const [a, b, c] = await judgedInTurn([behind], ['a', 'b', 'c']);
    expect(await domain.raw('GET', 'storm:rules')).toBe(keeper.rulesEntry);
    expect([a, b, c]).toEqual([null, null, `incident-${(await written()).at(-1)?.id}`]);
    expect(await domain.raw('HGET', `incident:${c}`, 'quiet_ms')).toBe('300000');
    expect(await domain.audit()).toEqual([]);
  });
});

describe('a store that lost its data', () => {
  it('is loaded again without an interruption', async () => {
    const team = [await open(), await open()];
    await judgedInTurn(team, ALIKE);
    expect(await incidentIds(team[0]!)).toHaveLength(1);
    await domain.server.command('FLUSHALL');
    const again = ALIKE.map((id) => `again-${id}`);
    const incidents = await judgedInTurn(team, again);
    const [id, ...more] = await incidentIds(team[1]!);
    expect(more).toEqual([]);
    expect(incidents).toEqual([...ALL_BUT_ONE.map(() => null), id]);
    expect(await domain.audit()).toEqual([]);
  });
});

describe('an invalid entry', () => {
  it('is skipped by every reader', async () => {
    const team = [await open(), await open()];
    const unreadable = ['{', 'null', '5', '', '{"kind":"of a later version"}', '{"kind":"arrived","ticket_id":"x"}'];
    const incidents: (string | null)[] = [];
    for (const [index, id] of ALIKE.entries()) {
      await domain.raw('XADD', 'storm:log', '*', 'e', unreadable[index % unreadable.length]!);
      await domain.raw('XADD', 'storm:log', '*', 'not', 'ours');
      incidents.push(...(await judgedInTurn([team[index % 2]!], [id])));
    }
    const [id] = await incidentIds(team[0]!);
    expect(incidents).toEqual([...ALL_BUT_ONE.map(() => null), id]);
    expect(await judgedInTurn([await open()], ['more'])).toEqual([id]);
    expect(await incidentIds(team[1]!)).toEqual([id]);
    expect(await domain.audit()).toEqual([]);
  });
});

describe('two versions of the rules', () => {
  it('are in force one after the other: the latest applies to both', async () => {
    const byDefault = await open();
    expect(await judgedInTurn([byDefault], ['a'])).toEqual([null]);
    const strict = await open({ ...RULES, ticketThreshold: 2 });
    await judged(strict, 'other', noise(0));
    const [b, c] = await judgedInTurn([strict, byDefault], ['b', 'c']);
    expect([b, await incidentIds(strict)]).toEqual([null, [c]]);
    await judged(await open(), 'another', noise(1));
    for (const id of ['d', 'e', 'f', 'g']) expect((await judged(strict, id, noise(2))).incident).toBeNull();
    expect(await incidentIds(byDefault)).toEqual([c]);
    expect(await domain.audit()).toEqual([]);
  });
});

describe('a snapshot', () => {
  /** Saves parts of any content as the latest snapshot. */
  const keep = async (generation: string, last: string, parts: readonly string[]): Promise<void> => {
    for (const [number, part] of parts.entries())
      await domain.run('storms/save-snapshot-part', { generation, number, part });
    await domain.run('storms/save-snapshot', { last, generation, parts: parts.length, first_kept: '0-0' });
  };

  it('taken after the window was shortened can be used', async () => {
    const longAgo = Date.now() - 40 * 60_000;
    for (const index of [0, 1, 2]) {
      const ticket = { ...aTicket({ id: `old-${index}`, received_at: new Date(longAgo).toISOString() }) };
      const entry = entryToJson(arrivedEntry(ticket, anArrival()));
      await domain.raw('XADD', 'storm:log', `${longAgo}-${index}`, 'e', entry);
    }
    const keeper = await aFollower({ ...RULES, windowMs: 60 * 60_000 });
    await aFollower();
    // The rules are the last entry: the detector has not dropped the old tickets yet.
    await keeper.follow();
    await keeper.saveSnapshot();
    const late = await open();
    await judgedInTurn([late], ALIKE);
    expect(await incidentIds(late)).toHaveLength(1);
    expect(await written()).toHaveLength(3 + ALIKE.length);
  });

  it('that cannot be used does not stop a process from loading the log', async () => {
    const early = await open();
    await judgedInTurn([early], ['a', 'b', 'c']);
    const unusable = [['{'], ['null'], [], ['{"format":1}'], ['{"format":2}', '{"arrivals":[["1-0",1,null]]}']];
    for (const [index, parts] of unusable.entries()) {
      await keep(`generation-${index}`, (await written()).at(-1)!.id, parts);
      await judged(await open(), `after-${index}`);
    }
    // As an earlier version stored it.
    await domain.raw('DEL', 'storm:snapshot');
    await domain.raw('HSET', 'storm:snapshot', 'last', (await written()).at(-1)!.id, 'state', '{}');
    await judged(await open(), 'after-a-former-one');
    expect(await domain.audit()).toEqual([]);
  });

  it('that its writer did not finish leaves the one before as it is, and makes space for the next', async () => {
    const early = await open();
    const id = (await judgedInTurn([early], ALIKE)).at(-1);
    await (await aFollower()).saveSnapshot();
    const [before, generation] = texts(await domain.run('storms/load-snapshot', {}));
    await domain.run('storms/save-snapshot-part', { generation: 'abandoned', number: 0, part: '{"format":2}' });
    await domain.run('storms/save-snapshot', {
      last: (await written()).at(-1)!.id,
      generation: 'abandoned',
      parts: 2,
      first_kept: '0-0',
    });
    expect(texts(await domain.run('storms/load-snapshot', {})).slice(0, 2)).toEqual([before, generation]);
    await domain.raw('XTRIM', 'storm:log', 'MINID', (await written())[0]!.id);
    expect(await judgedInTurn([await open()], ['more'])).toEqual([id]);
    await (await aFollower()).saveSnapshot();
    const names = Object.keys(await domain.dump()).filter((name) => name.startsWith('storm:snapshot:'));
    expect(names.sort()).toEqual(
      [generation, texts(await domain.run('storms/load-snapshot', {}))[1]].map((one) => `storm:snapshot:${one}`).sort(),
    );
  });
});

describe('a ticket that was logged so long ago that the detector has dropped it', () => {
  it('is logged again when it is judged, and counts as any other', async () => {
    const broker = await open();
    const claim = await claimed(broker, 'late');
    const longAgo = Date.now() - 40 * 60_000;
    const entry = entryToJson(arrivedEntry(claim.record.ticket, anArrival()));
    await domain.raw('XADD', 'storm:log', `${longAgo}-0`, 'e', entry);
    await domain.raw('HSET', 'ticket:late', 'storm_entry', `${longAgo}-0`);
    await judgedInTurn([broker], ALL_BUT_ONE);
    const storm = await broker.storms.judge(claim, anArrival());
    expect(storm).toMatchObject({ routing: 'suppressed', incident: { id: (await incidentIds(broker))[0] } });
    expect((await written()).filter(({ ticketId }) => ticketId === 'late')).toHaveLength(2);
    expect(await broker.storms.judge(claim, anArrival())).toEqual(storm);
    expect((await written()).filter(({ ticketId }) => ticketId === 'late')).toHaveLength(2);
    await broker.tickets.commit(claim, { ...aDecision(), storm });
  });

  it('or only after an operator has named it, is a member of that incident on every worker', async () => {
    const [one, other] = [await open(), await open()];
    const claim = await claimed(one, 'in-work');
    const { id } = await other.incidents.open('Mail is down', ['in-work']);
    const storm = await one.storms.judge(claim, anArrival());
    expect(storm).toMatchObject({ routing: 'routed', incident: { id, similarity: 1 } });
    expect(await (await aFollower()).readPage(undefined, ['in-work'])).toEqual([storm]);
    await one.tickets.commit(claim, { ...aDecision(), storm });
    expect((await one.incidents.get(id))?.member_count).toBe(1);
  });
});

describe('the stored log', () => {
  it('contains no address of a requester', async () => {
    const broker = await open();
    for (const id of ALIKE) {
      await broker.queue.accept([aNewTicket({ id, input: { requester: `${id.repeat(10)}@example.com` } })]);
      const [claim] = await broker.queue.claim(1);
      const storm = await broker.storms.judge(claim!, anArrival());
      await broker.tickets.commit(claim!, { ...aDecision(), storm });
    }
    await (await aFollower()).saveSnapshot();
    const [incident] = (await broker.incidents.list()).incidents;
    expect(incident).toMatchObject({ requester_count: ALIKE.length });
    const all = Object.entries(await domain.dump()).filter(([name]) => !/^(?:ticket:|outbox)/.test(name));
    expect(JSON.stringify(all)).toContain('storm:log');
    expect(JSON.stringify(all)).not.toContain('example.com');
  });
});

describe('the record of an incident', () => {
  const forget = async (id: string): Promise<void> => {
    const names = ['', ':members', ':similarity', ':requesters', ':counted'].map((end) => `incident:${id}${end}`);
    for (const name of [...names, 'incidents', 'incidents:growing']) await domain.raw('DEL', name);
  };

  it('that is lost while the log is not is written again by the next similar ticket', async () => {
    const team = [await open(), await open()];
    const id = (await judgedInTurn(team, ALIKE)).at(-1)!;
    await forget(id!);
    expect(await judgedInTurn([team[1]!], ['more'])).toEqual([id]);
    expect(await team[0]!.incidents.get(id!)).toMatchObject({ status: 'open', member_count: ALIKE.length + 1 });
    await team[0]!.incidents.resolve(id!);
    expect((await team[0]!.tickets.get('more'))?.ticket).toMatchObject({ status: 'completed', resolution: 'incident' });
  });

  it('that is corrupt does not stop tickets that are not similar', async () => {
    const brief = await open({ ...RULES, quietMs: 1 });
    const id = (await judgedInTurn([brief], ALIKE)).at(-1)!;
    await domain.corrupt(`incident:${id}`);
    await domain.run('storms/tick', { entry: '{"kind":"tick"}', interval_ms: 0 });
    expect((await judged(brief, 'other', noise(0))).routing).toBe('routed');
    expect(await brief.queue.sweep()).toBe(0);
    expect((await judged(brief, 'another', noise(1))).routing).toBe('routed');
  });
});
