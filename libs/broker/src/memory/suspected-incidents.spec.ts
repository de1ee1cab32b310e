import {
  DEFAULT_BROKER_OPTIONS,
  type BrokerOptions,
  type LocalBroker,
  type StormVerdict,
} from '@smart-support/contracts';
import { type SeedReference, quantise } from '@smart-support/storm';
import { VirtualClock, aDecision, aNewTicket, anArrival } from '@smart-support/testing';
import { createMemoryBroker } from './memory-broker';

const LENGTH = 64;

let state = 5;
const random = (): number => {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647 - 0.5;
};
const anything = (): Float32Array => Float32Array.from({ length: LENGTH }, random);
const common = anything();
/** Around a common vector, at cosines of some 0.7 to each other: too far apart for the rule of storms. */
const paraphrase = (): Float32Array => {
  const other = anything();
  return common.map((value, index) => value + 0.65 * (other[index] ?? 0));
};
const seedReference: SeedReference = {
  model: 'spec',
  vectors: Array.from({ length: 1_000 }, () => quantise(anything())),
};

describe('a burst in people’s own words, without a shared store', () => {
  let broker: LocalBroker;
  let count: number;
  let clock: VirtualClock;
  const start = (mode: BrokerOptions['bursts']['mode']): void => {
    const bursts = { ...DEFAULT_BROKER_OPTIONS.bursts, mode };
    clock = new VirtualClock();
    broker = createMemoryBroker({ bursts }, { clock, seedReference });
    count = 0;
  };
  const arrive = async (vector: Float32Array, failure = 0): Promise<StormVerdict> => {
    const id = `t${(count += 1)}`;
    await broker.queue.accept([aNewTicket({ id })]);
    const claim = await broker.queue.claimById(id);
    if (!claim) throw new Error(`Ticket ${id} could not be claimed`);
    const words = { indices: new Uint32Array(), values: new Float32Array() };
    const storm = await broker.storms.judge(claim, {
      ...anArrival({ failure }),
      ...{ embedding: { model: 'spec', vector }, words },
    });
    await broker.tickets.commit(claim, { ...aDecision(), storm });
    return storm;
  };
  const aBurst = async (failure = 0): Promise<void> => {
    for (let report = 0; report < 16; report += 1) {
      await arrive(anything());
      await arrive(paraphrase(), failure);
    }
    await broker.queue.sweep();
  };
  const eventTypes = async (): Promise<string[]> =>
    (await broker.outbox.claim(10, 1000)).map(({ id }) => id.split(':')[0] ?? '');

  it('is suspected by the sweep: listed, notified, and no ticket is suppressed', async () => {
    start('report');
    await aBurst();
    const { incidents } = await broker.incidents.list();
    expect(incidents).toMatchObject([{ status: 'suspected', opened_at: null }]);
    expect(await eventTypes()).toEqual(['incident.suspected']);
    expect((await broker.queue.report()).waiting.Billing).toBe(count);
  });

  it('suppresses its members and accepts others once it is confirmed', async () => {
    start('report');
    await aBurst();
    const [incident] = (await broker.incidents.list()).incidents;
    const { member_count } = await broker.incidents.confirm(incident?.id ?? '');
    expect((await broker.queue.report()).waiting.Billing).toBe(count - member_count);
    const verdicts = [];
    for (let report = 0; report < 10; report += 1) verdicts.push(await arrive(paraphrase()));
    expect(verdicts.map(({ routing }) => routing)).toContain('suppressed');
  });

  it('learns the common matters, and opens nothing at their reference rate', async () => {
    start('report');
    const daily = anything();
    for (let minute = 0; minute < 1_200; minute += 1) {
      clock.advance(60_000);
      await arrive(minute % 2 === 0 ? daily : anything());
    }
    const openedBy = async (): Promise<StormVerdict[]> => {
      const verdicts: StormVerdict[] = [];
      for (let report = 0; report < 14; report += 1) {
        clock.advance(5_000);
        await arrive(anything());
        verdicts.push(await arrive(daily));
      }
      return verdicts;
    };
    for (let round = 0; round < 60; round += 1) await broker.queue.sweep();
    const verdicts = await openedBy();
    expect(verdicts.map(({ routing }) => routing)).toEqual(Array(14).fill('routed'));
    expect(verdicts.at(-1)?.kept_out).toBe('reference_rate');
    expect((await broker.incidents.list()).incidents).toEqual([]);
  });

  it.each([
    ['open', 'requests', 0, ['open'], ['incident.suspected', 'incident.opened']],
    ['auto', 'requests', 0, ['suspected'], ['incident.suspected']],
    ['auto', 'reports of a failure', 1, ['open'], ['incident.suspected', 'incident.opened']],
    ['report', 'reports of a failure', 1, ['suspected'], ['incident.suspected']],
    ['off', 'reports of a failure', 1, [], []],
  ] as const)('with STORM_SUSPECTED=%s and of %s', async (mode, _what, failure, statuses, events) => {
    start(mode);
    await aBurst(failure);
    expect((await broker.incidents.list()).incidents.map(({ status }) => status)).toEqual(statuses);
    expect(await eventTypes()).toEqual(events);
  });
});
