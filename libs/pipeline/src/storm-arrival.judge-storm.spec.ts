import { createMemoryBroker } from '@smart-support/broker';
import {
  type Claim,
  DEFAULT_BROKER_OPTIONS,
  type LocalBroker,
  SmartSupportError,
  type StormArrival,
  type Vectoriser,
} from '@smart-support/contracts';
import {
  VirtualClock,
  aDecision,
  aNewTicket,
  anAgentInput,
  anArrival,
  SCRIPTED_MODELS,
  anOffer,
} from '@smart-support/testing';
import { judgeStorm } from './storm-arrival';
import { createPipeline } from './pipeline';

/** Finds the same words in every text. */
const SAME_WORDS: Vectoriser = { vectorise: () => ({ indices: Uint32Array.of(1), values: Float32Array.of(1) }) };

describe('a ticket as part of a storm', () => {
  let broker: LocalBroker;
  const alerts: string[] = [];
  const exclusions: string[] = [];
  beforeEach(async () => {
    alerts.length = 0;
    exclusions.length = 0;
    const storm = { ...DEFAULT_BROKER_OPTIONS.storm, ticketThreshold: 2 };
    broker = createMemoryBroker({ storm }, { clock: new VirtualClock() });
    await broker.agents.put('ann', anAgentInput({ capacity: 10 }));
  });

  const aPipeline = (through: LocalBroker = broker) =>
    createPipeline({
      broker: through,
      models: { ...SCRIPTED_MODELS, baseline: { ...SCRIPTED_MODELS.baseline, words: SAME_WORDS } },
      // Every ticket is worth an alert.
      alertThreshold: 0.1,
      observer: {
        stage: () => undefined,
        fallback: () => undefined,
        alert: ({ ticket }) => void alerts.push(ticket.id),
        stormExclusion: (rule) => void exclusions.push(rule),
        failed: () => undefined,
      },
    });
  const claimed = async (id: string): Promise<Claim> => {
    await broker.queue.accept([aNewTicket({ id })]);
    const claim = await broker.queue.claimById(id);
    if (!claim) throw new Error(`Ticket ${id} could not be claimed`);
    return claim;
  };

  it('is routed with an alert before the storm breaks, and suppressed without one from then on, which its explanation says', async () => {
    const pipeline = aPipeline();
    for (const id of ['a', 'b', 'c']) await pipeline.route(anOffer(id));
    expect(alerts).toEqual(['a', 'b']);
    const [incident] = (await broker.incidents.list()).incidents;
    const record = await broker.tickets.get('c');
    expect(record?.ticket).toMatchObject({
      status: 'suppressed',
      is_duplicate: true,
      master_incident_id: incident?.id,
    });
    expect(record?.explanation.incident).toEqual({ id: incident?.id, similarity: 1 });
  });

  it('reports once by which rule it is kept out, and its explanation says the same', async () => {
    const pipeline = aPipeline();
    for (let n = 0; n < 2; n++) await pipeline.route(anOffer('greeting', 'Hi'));
    for (const id of ['a', 'b', 'c']) await pipeline.route(anOffer(id));
    expect(exclusions).toEqual(['nothing_said']);
    expect((await broker.tickets.get('greeting'))?.explanation.storm_exclusion).toBe('nothing_said');
    expect((await broker.tickets.get('c'))?.explanation.storm_exclusion).toBeNull();
  });

  it('is alerted of once it is released', async () => {
    const pipeline = aPipeline();
    for (const id of ['a', 'b', 'c']) await pipeline.route(anOffer(id));
    const [incident] = (await broker.incidents.list()).incidents;
    await broker.incidents.reject(incident?.id ?? '');
    for (const claim of await broker.queue.claim(10)) await pipeline.processClaim(claim);
    expect(alerts).toEqual(['a', 'b', 'c']);
    expect((await broker.tickets.get('c'))?.explanation.incident).toEqual({ id: incident?.id, similarity: 1 });
  });

  it('is judged again if its incident changes before the commit', async () => {
    const pipeline = aPipeline();
    for (const id of ['a', 'b', 'c']) await pipeline.route(anOffer(id));
    const [incident] = (await broker.incidents.list()).incidents;
    let isFirst = true;
    const meddling: LocalBroker = {
      ...broker,
      tickets: {
        ...broker.tickets,
        commit: async (claim, decision) => {
          if (isFirst) await broker.incidents.reject(incident?.id ?? '');
          isFirst = false;
          return broker.tickets.commit(claim, decision);
        },
      },
    };
    const result = await aPipeline(meddling).route(anOffer('late'));
    expect(result).toMatchObject({ record: { ticket: { status: 'assigned', master_incident_id: null } } });
  });

  it('is given back to the queue if its incident never stands still', async () => {
    const restless: LocalBroker = {
      ...broker,
      tickets: {
        ...broker.tickets,
        commit: () => Promise.reject(new SmartSupportError('incident_changed', 'changed once more')),
      },
    };
    const result = await aPipeline(restless).route(anOffer('a'));
    expect(result).toMatchObject({ record: { ticket: { status: 'queued', attempts: 1 } } });
  });

  it.each<[string, Float32Array]>([
    ['points nowhere', new Float32Array(3)],
    ['holds no number', Float32Array.of(1, Number.NaN)],
  ])('whose embedding %s is known by its words', async (_what, vector) => {
    const odd: StormArrival = { ...anArrival(), words: SAME_WORDS.vectorise(''), embedding: { model: 'm', vector } };
    for (const id of ['a', 'b']) await judgeStorm(broker.storms, await claimed(id), aDecision(), odd);
    const { storm } = await judgeStorm(broker.storms, await claimed('c'), aDecision(), odd);
    expect(storm?.routing).toBe('suppressed');
    expect((await broker.incidents.list()).incidents).toMatchObject([{ degraded: true }]);
  });
});
