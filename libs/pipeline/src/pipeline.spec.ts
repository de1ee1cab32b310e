import { createMemoryBroker } from '@smart-support/broker';
import {
  DEFAULT_BROKER_OPTIONS,
  type AgentInput,
  type BrokerOptions,
  type Classifier,
  type ModelInfo,
  SmartSupportError,
  type UrgencyScorer,
} from '@smart-support/contracts';
import { VirtualClock, SCRIPTED_MODELS, NO_WORDS } from '@smart-support/testing';
import type { TicketModels } from './models';
import type { PipelineObserver } from './observer';
import { URGENT_LANE_THRESHOLD, createPipeline } from './pipeline';

const options: BrokerOptions = {
  queueMax: 100,
  duplicateMs: 1000,
  ticketsKept: 100,
  retentionMs: 60_000,
  leaseMs: 30_000,
  maxAttempts: 2,
  maxStalls: 2,
  deadLettersMax: 10,
  waitAgeingMs: 14_400_000,
  storm: DEFAULT_BROKER_OPTIONS.storm,
  bursts: DEFAULT_BROKER_OPTIONS.bursts,
};
const ada: AgentInput = {
  name: 'Ada',
  skills: { Billing: 1, Technical: 1, Legal: 1 },
  capacity: 10,
  status: 'available',
};
const model = (version: string): ModelInfo => ({ family: 'baseline', name: 'by-hand', version });

/** Says Billing to everything; breaks on the word "poison". */
const classifier = (version = 'v1'): Classifier => ({
  model: model(version),
  classify: ({ text }) => {
    if (text.includes('poison')) throw new Error('the model choked');
    return {
      category: 'Billing',
      confidence: 0.8,
      scores: { Billing: 0.8, Technical: 0.1, Legal: 0.1 },
      needs_review: false,
      review_reasons: [],
      model: model(version),
    };
  },
  explain: ({ text }) => ({ terms: [{ term: text.slice(0, 10), weight: 1 }], meaning: null }),
});

/** Reads the urgency off the text: "0.9 ...". */
const urgency: UrgencyScorer = {
  model: model('v1'),
  score: ({ text }) => ({ urgency_score: Number.parseFloat(text), hits: [], model: model('v1') }),
};

async function aPipeline() {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const broker = createMemoryBroker(options, {
    clock,
    observer: { status: ({ id, status }) => void seen.push(`${status} ${id}`), deadLetterLost: () => undefined },
  });
  await broker.agents.put('ada', ada);
  const observer: PipelineObserver = {
    stage: () => undefined,
    fallback: () => undefined,
    alert: ({ ticket }) => void seen.push(`alert ${ticket.id}`),
    stormExclusion: () => undefined,
    failed: (id, _error, outcome) => void seen.push(`failed ${id} ${outcome}`),
  };
  const models: TicketModels = {
    baseline: { classifier: classifier(), urgency, words: NO_WORDS, failure: SCRIPTED_MODELS.baseline.failure },
    transformer: null,
  };
  const deps = { broker, clock, observer, models, alertThreshold: 0.8 };
  return { pipeline: createPipeline(deps), deps, broker, clock, seen };
}

const offered = (text: string, id: string) => ({ input: { text, id } });

describe('the pipeline', () => {
  it('routes a ticket in one go: accepted, understood, given to an agent', async () => {
    const { pipeline, seen } = await aPipeline();
    const result = await pipeline.route(offered('0.5 wrong invoice', 'T-1'));
    expect(result).toMatchObject({
      outcome: 'accepted',
      record: { ticket: { status: 'assigned', assigned_agent: 'ada', category: 'Billing', urgency_score: 0.5 } },
    });
    expect(seen).toEqual(['queued T-1', 'processing T-1', 'assigned T-1']);
  });

  it('alerts strictly above the threshold, once, after the commit', async () => {
    const { pipeline, seen } = await aPipeline();
    await pipeline.route(offered('0.8 exactly', 'at'));
    await pipeline.route(offered('0.81 above', 'above'));
    await pipeline.route(offered('0.81 above', 'above'));
    expect(seen.filter((event) => event.startsWith('alert'))).toEqual(['alert above']);
    expect(seen.indexOf('alert above')).toBeGreaterThan(seen.indexOf('assigned above'));
  });

  it('chooses the lane by the prescored urgency', async () => {
    const { pipeline, broker } = await aPipeline();
    await pipeline.accept([
      offered(`${URGENT_LANE_THRESHOLD} pressing`, 'fast'),
      offered(`${URGENT_LANE_THRESHOLD - 0.01} not so`, 'slow'),
    ]);
    expect((await broker.tickets.get('fast'))?.explanation.lane.name).toBe('urgent');
    expect((await broker.tickets.get('slow'))?.explanation.lane).toEqual({
      name: 'normal',
      urgency_score: URGENT_LANE_THRESHOLD - 0.01,
    });
  });

  it('a ticket the model chokes on goes back to the queue, and to the dead letters when it does so again', async () => {
    const { pipeline, broker, clock, seen } = await aPipeline();
    const first = await pipeline.route(offered('0.5 poison', 'P'));
    expect(first).toMatchObject({ outcome: 'accepted', record: { ticket: { status: 'queued', attempts: 1 } } });
    clock.advance(60_000);
    const [claim] = await broker.queue.claim(1);
    await pipeline.processClaim(claim!);
    expect(seen.filter((event) => event.startsWith('failed'))).toEqual(['failed P queued', 'failed P dead']);
    const { dead_letters } = await broker.deadLetters.list();
    expect(dead_letters).toMatchObject([{ ticket_id: 'P', attempts: 2, error: { message: 'the model choked' } }]);
  });

  it('a worker whose lease ran out meanwhile changes nothing and reports nothing', async () => {
    const { pipeline, broker, clock, seen } = await aPipeline();
    await pipeline.accept([offered('0.9 slow worker', 'S')]);
    const [claim] = await broker.queue.claim(1);
    clock.advance(options.leaseMs + 1);
    await broker.queue.sweep();
    expect(await pipeline.processClaim(claim!)).toBeUndefined();
    expect((await broker.tickets.get('S'))?.ticket.status).toBe('queued');
    expect(seen).toEqual(['queued S', 'processing S', 'queued S']);
  });

  it('a refused ticket is reported as refused: full, conflict, repeated', async () => {
    const { pipeline } = await aPipeline();
    await pipeline.route(offered('0.1 one', 'A'));
    expect((await pipeline.route(offered('0.1 two', 'A'))).outcome).toBe('conflict');
    expect((await pipeline.route(offered('0.1 one', 'A'))).outcome).toBe('repeated');
    for (let n = 1; n < options.queueMax; n++) await pipeline.route(offered('0.1 more', `n${n}`));
    expect((await pipeline.route(offered('0.1 too many', 'B'))).outcome).toBe('full');
  });

  it('a closed broker rejects an offer, and drops the outcome of a claim', async () => {
    const { pipeline, broker } = await aPipeline();
    await pipeline.accept([offered('0.1 a', 'A')]);
    const [claim] = await broker.queue.claim(1);
    await broker.close();
    await expect(pipeline.route(offered('0.1 b', 'B'))).rejects.toThrow(SmartSupportError);
    expect(await pipeline.processClaim(claim!)).toBeUndefined();
  });

  it('explains with terms only as the model version that decided', async () => {
    const { pipeline, deps, broker } = await aPipeline();
    await pipeline.route(offered('0.5 wrong invoice', 'T-1'));
    const record = (await broker.tickets.get('T-1'))!;
    expect((await pipeline.explain(record)).category?.terms).toEqual([{ term: '0.5 wrong ', weight: 1 }]);
    const models: TicketModels = {
      baseline: { classifier: classifier('v2'), urgency, words: NO_WORDS, failure: SCRIPTED_MODELS.baseline.failure },
      transformer: null,
    };
    const newer = createPipeline({ ...deps, models });
    expect((await newer.explain(record)).category).toMatchObject({ label: 'Billing', terms: null });
  });
});
