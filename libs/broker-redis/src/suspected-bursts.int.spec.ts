import {
  type BrokerOptions,
  DEFAULT_BROKER_OPTIONS,
  type Incident,
  type StormArrival,
  type StormVerdict,
} from '@smart-support/contracts';
import {
  type ReferenceEntry,
  type StormEntry,
  BurstDetector,
  type SeedReference,
  entryFromJson,
  quantise,
} from '@smart-support/storm';
import { aDecision, anArrival, eventually } from '@smart-support/testing';
import type { RedisBroker } from './redis-broker';
import { claimed, openBroker } from './spec-support/brokers';
import type { Domain } from './spec-support/domain';
import { recordArguments } from './spec-support/raw-commands';
import { useDomains } from './spec-support/use-domains';

const LENGTH = 64;

/** Vectors in all directions, and paraphrases: vectors around a common one, at cosines of some 0.7 to each other. */
function aSource() {
  let state = 8;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  const anything = (): Float32Array => Float32Array.from({ length: LENGTH }, random);
  const common = anything();
  return {
    anything,
    paraphrase: (): Float32Array => {
      const other = anything();
      return common.map((value, index) => value + 0.65 * (other[index] ?? 0));
    },
  };
}

const source = aSource();
const seedReference: SeedReference = {
  model: 'spec',
  vectors: Array.from({ length: 1_000 }, () => quantise(source.anything())),
};

describe('a burst in people’s own words', () => {
  const newDomain = useDomains();
  let domain: Domain;
  let broker: RedisBroker;
  let count: number;
  const opened: RedisBroker[] = [];
  const open = async (mode: BrokerOptions['bursts']['mode'] = 'report'): Promise<RedisBroker> => {
    const bursts = { mode, falseAlarmsPerMonth: 1 };
    const one = await openBroker(domain.server, domain.prefix, { bursts }, { seedReference });
    opened.push(one);
    return one;
  };
  beforeEach(() => {
    domain = newDomain();
    count = 0;
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  const arrive = async (vector: Float32Array, failure = 0): Promise<StormVerdict> => {
    const claim = await claimed(broker, `t${(count += 1)}`);
    const words = { indices: new Uint32Array(), values: new Float32Array() };
    const arrival: StormArrival = { ...anArrival({ failure }), embedding: { model: 'spec', vector }, words };
    const storm = await broker.storms.judge(claim, arrival);
    await broker.tickets.commit(claim, { ...aDecision(), storm });
    return storm;
  };
  const aBurst = async (reports = 16): Promise<void> => {
    for (let report = 0; report < reports; report += 1) {
      await arrive(source.anything());
      expect((await arrive(source.paraphrase())).routing).toBe('routed');
    }
  };
  const listed = async (): Promise<readonly Incident[]> => (await broker.incidents.list()).incidents;
  const leads = (one: RedisBroker) => one.leadSweeps(20);
  const isAllObserved = async (): Promise<boolean> => {
    const last = (await domain.raw('XREVRANGE', 'storm:log', '+', '-', 'COUNT', 1)) as [string, string[]][];
    return (await domain.raw('HGET', 'storm:bursts', 'seen')) === last[0]?.[0];
  };

  it('is listed as suspected, notified once, and suppresses nothing', async () => {
    broker = await open();
    const lead = leads(broker);
    await aBurst();
    const [incident] = await eventually('a suspected incident', listed, (all) => all.length > 0);
    await lead.stop();
    expect(incident).toMatchObject({ status: 'suspected', opened_at: null });
    expect(incident?.member_count).toBeGreaterThan(10);
    expect((await broker.outbox.claim(10, 1000)).map(({ id }) => id)).toEqual([`incident.suspected:${incident?.id}`]);
    expect((await broker.queue.report()).waiting.Billing).toBe(count);
  });

  it('is a Master Incident once it is confirmed: its members wait for its end, and similar tickets join', async () => {
    broker = await open();
    const lead = leads(broker);
    await aBurst();
    const [incident] = await eventually('a suspected incident', listed, (all) => all.length > 0);
    await lead.stop();
    const { id, member_count, ...confirmed } = await broker.incidents.confirm(incident?.id ?? '');
    expect(confirmed).toMatchObject({ status: 'open', opened_at: expect.any(String) });
    expect((await broker.queue.report()).waiting.Billing).toBe(count - member_count);
    const verdicts: StormVerdict[] = [];
    for (let report = 0; report < 10; report += 1) verdicts.push(await arrive(source.paraphrase()));
    expect(verdicts.some(({ routing, incident: its }) => routing === 'suppressed' && its?.id === id)).toBe(true);
    expect((await arrive(source.anything())).routing).toBe('routed');
  });

  it('opens by itself in mode open', async () => {
    broker = await open('open');
    await aBurst();
    const lead = leads(broker);
    const [incident] = await eventually('an incident', listed, (all) => all[0]?.status === 'open');
    await lead.stop();
    const ids = (await broker.outbox.claim(10, 1000)).map(({ id }) => id).sort();
    expect(ids).toEqual([`incident.opened:${incident?.id}`, `incident.suspected:${incident?.id}`]);
  });

  it('is not found a second time by the next leader', async () => {
    broker = await open();
    const lead = leads(broker);
    await aBurst(30);
    const before = await eventually('a suspected incident', listed, (all) => all.length > 0);
    await eventually('all observed', isAllObserved);
    await lead.stop();
    const next = leads(await open());
    const looked = await eventually('the next leader has observed all', async () => {
      await arrive(source.anything());
      return isAllObserved();
    });
    await next.stop();
    expect(looked).toBe(true);
    expect((await listed()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  });

  it('that was dropped is not notified again by a process that is behind', async () => {
    const storm = { ...DEFAULT_BROKER_OPTIONS.storm, quietMs: 1 };
    const readers = await Promise.all(
      [1, 2].map(() =>
        openBroker(domain.server, domain.prefix, { storm, bursts: { mode: 'off', falseAlarmsPerMonth: 1 } }),
      ),
    );
    opened.push(...readers);
    const [early, late] = readers as [RedisBroker, RedisBroker];
    for (const reader of readers) await reader.queue.sweep();
    const entry = { kind: 'suspected', incident_id: 'incident-1-0', ticket_ids: ['x', 'y'], similarity: 0.6 };
    await domain.run('storms/write-entry', { entry: JSON.stringify(entry) });
    await early.queue.sweep();
    const [event] = await early.outbox.claim(10, 1000);
    await early.outbox.acknowledge(event?.id ?? '');
    await domain.run('storms/tick', { entry: '{"kind":"tick"}', interval_ms: 0 });
    await early.queue.sweep();
    expect(await early.incidents.get('incident-1-0')).toBeUndefined();
    await late.queue.sweep();
    expect(await late.outbox.claim(10, 1000)).toEqual([]);
    expect(await late.incidents.get('incident-1-0')).toBeUndefined();
  });

  it('that was dropped is neither written nor notified again by a late writer', async () => {
    broker = await open('off');
    const suspected = recordArguments('incident-1', { status: 'suspected', joined: ['x', 'y'] });
    const gone = recordArguments('incident-1', { status: 'gone', epoch: 2 });
    await domain.run('storms/write-record', suspected);
    const [event] = await broker.outbox.claim(10, 1000);
    expect(event?.id).toBe('incident.suspected:incident-1');
    await broker.outbox.acknowledge(event?.id ?? '');
    await domain.run('storms/write-record', gone);
    await domain.run('storms/write-record', suspected);
    expect(await broker.outbox.claim(10, 1000)).toEqual([]);
    expect(await broker.incidents.get('incident-1')).toBeUndefined();
    // Nor one that had no record before it was dropped.
    await domain.run('storms/write-record', { ...gone, id: 'incident-2' });
    await domain.run('storms/write-record', recordArguments('incident-2', { status: 'suspected', joined: ['z'] }));
    expect(await listed()).toEqual([]);
  });

  it('opens by itself with STORM_SUSPECTED=auto if it reports a failure, and is only listed otherwise', async () => {
    for (const [failure, status] of [
      [0, 'suspected'],
      [1, 'open'],
    ] as const) {
      domain = newDomain();
      broker = await open('auto');
      for (let report = 0; report < 16; report += 1) {
        await arrive(source.anything());
        await arrive(source.paraphrase(), failure);
      }
      const lead = leads(broker);
      const [incident] = await eventually('an incident', listed, (all) => all[0]?.status === status);
      await arrive(source.anything());
      await eventually('all observed', isAllObserved);
      await lead.stop();
      expect((await listed()).map(({ id }) => id)).toEqual([incident?.id]);
      expect((await listed())[0]?.status).toBe(status);
    }
  });

  it('is found once, and grows once, with two leaders at the same time', async () => {
    broker = await open();
    const other = await open();
    for (let report = 0; report < 12; report += 1) await arrive(source.paraphrase(), 1);
    // Both lead, as after a pause of one.
    await domain.raw('DEL', 'leader');
    const first = leads(broker);
    await eventually('a suspected incident', listed, (all) => all.length > 0);
    await domain.raw('DEL', 'leader');
    const second = leads(other);
    for (let report = 0; report < 12; report += 1) await arrive(source.paraphrase(), 1);
    const [incident] = await eventually('all of them in one', listed, (all) => (all[0]?.member_count ?? 0) >= 24);
    await first.stop();
    await second.stop();
    expect(await listed()).toHaveLength(1);
    expect(incident).toMatchObject({ member_count: 24, requester_count: 24, status: 'suspected' });
    expect((await broker.outbox.claim(10, 1000)).map(({ id }) => id)).toEqual([`incident.suspected:${incident?.id}`]);
  });

  it('does not start with tickets that the store has lost', async () => {
    broker = await open();
    const lead = leads(broker);
    for (let report = 0; report < 10; report += 1) await arrive(source.paraphrase(), 1);
    await eventually('all of them observed', isAllObserved);
    for (const key of ['log', 'rules', 'snapshot', 'watch']) await domain.raw('DEL', `storm:${key}`);
    // The eleventh report, but of a store that has none before it.
    await arrive(source.paraphrase(), 1);
    await eventually('it observed', isAllObserved);
    expect(await listed()).toEqual([]);
    for (let report = 0; report < 10; report += 1) await arrive(source.paraphrase(), 1);
    const [incident] = await eventually('a suspected incident', listed, (all) => all.length > 0);
    await lead.stop();
    expect(incident).toMatchObject({ member_count: 11, requester_count: 11 });
  });

  it('is found by the next leader also with a corrupt snapshot of the burst detector', async () => {
    broker = await open();
    await domain.run('storms/save-bursts', { last: '1-0', state: '{"reference":[{"numbers":5}]' });
    await aBurst();
    const lead = leads(broker);
    expect(await eventually('a suspected incident', listed, (all) => all.length > 0)).toHaveLength(1);
    await lead.stop();
  });
});

describe('common matters', () => {
  const newDomain = useDomains();

  it('are written to the log once, by the leader, and outlive the entry', async () => {
    const domain = newDomain();
    const burstDetector = new BurstDetector(300_000, { falseAlarmsPerMonth: 1, ticketThreshold: 10 }, seedReference);
    const incidents = { isMember: () => false, isMemberOrOfRejected: () => false, suspectedIncidentOf: () => null };
    // Not on the edge of the window of two days: a slow machine would lose the first of them.
    const longAgo = Date.now() - 2 * 86_400_000 + 3_600_000;
    const daily = source.anything();
    for (let number = 0; number < 600; number += 1) {
      const at_ms = longAgo + number * 1_000;
      const { numbers } = quantise(number % 5 === 0 ? daily : source.anything());
      const words = { indices: new Uint32Array(), numbers: new Int8Array(), squaredNorm: 0 };
      const entry = {
        kind: 'arrived',
        id: `${at_ms}-0`,
        at_ms,
        ticket_id: `old-${number}`,
        received_ms: at_ms,
      } as const;
      const rest = { requester: null, words, severe_signal: null, failure: 0, identifiers: '', is_machine: false };
      burstDetector.observe({ ...entry, ...rest, embedding: { model: 'spec', numbers } }, incidents);
    }
    await domain.run('storms/save-bursts', { last: '1-0', state: JSON.stringify(burstDetector.snapshot()) });
    const brokers = await Promise.all(
      [1, 2].map(() => openBroker(domain.server, domain.prefix, {}, { seedReference })),
    );
    const references = async () => {
      const entries = (await domain.raw('XRANGE', 'storm:log', '-', '+')) as [string, string[]][];
      return entries.flatMap(([id, [, json = '']]) => entryFromJson(id, 0, json) ?? []).filter(isReference);
    };
    const [first, second] = brokers as [RedisBroker, RedisBroker];
    await first.storms.judge(await claimed(first, 'now'), anArrival());
    const lead = first.leadSweeps(5);
    const [entry] = await eventually('a reference entry', references, (all) => all.length > 0);
    expect(entry?.reference).toMatchObject({ model: 'spec', tickets: 600, matters: [{ tickets: 120 }] });
    const snapshotAfter = async (last: string): Promise<string> => {
      await eventually('a snapshot', async () => {
        const at = (await domain.raw('HGET', 'storm:snapshot', 'last')) as string | null;
        return at !== null && Number.parseInt(at, 10) >= Number.parseInt(last, 10);
      });
      const generation = (await domain.raw('HGET', 'storm:snapshot', 'generation')) as string;
      return (await domain.raw('HGET', `storm:snapshot:${generation}`, 0)) as string;
    };
    expect(JSON.parse(await snapshotAfter(entry?.id ?? ''))).toMatchObject({ reference: entry?.reference });
    await lead.stop();
    // Another leader finds the same, within fewer rounds than one snapshot takes.
    const next = second.leadSweeps(5);
    await second.storms.judge(await claimed(second, 'later'), anArrival());
    const log = (await domain.raw('XREVRANGE', 'storm:log', '+', '-', 'COUNT', 1)) as [string, string[]][];
    await snapshotAfter(log[0]?.[0] ?? '');
    await next.stop();
    expect(await references()).toHaveLength(1);
    for (const broker of brokers) await broker.close();
  });
});

function isReference(entry: StormEntry): entry is ReferenceEntry {
  return entry.kind === 'reference';
}
