import { CircuitBreaker, ModelGuard } from '@smart-support/breaker';
import {
  type CategoryPrediction,
  type Classifier,
  type Embedder,
  type Embedding,
  type MaybePromise,
  type ModelInfo,
  type RunOptions,
  type RunReport,
  type UrgencyPrediction,
  type UrgencyScorer,
} from '@smart-support/contracts';
import { VirtualClock, aTicket } from '@smart-support/testing';
import type { Guarded, TicketModels } from '../models';
import { understand } from '../understand';

/** How long the models of the scene may take. */
export const DEADLINE_MS = 2000;
/** The report of a model that ran on a text of nine tokens. */
export const RUN: RunReport = {
  tokens: 9,
  unknown_tokens: 0,
  truncated: false,
  cached: false,
  timings: { queue_ms: 0, tokenise_ms: 0, inference_ms: 10 },
};
/** A model of some family and name. */
export const info = (family: ModelInfo['family'], name: string): ModelInfo => ({ family, name, version: 'v1' });

/** A classifier that answers `category`, and a term named after the model. */
export function classifier(model: ModelInfo, category: CategoryPrediction['category'], run?: RunReport): Classifier {
  const scores = { Billing: 0.1, Technical: 0.1, Legal: 0.1, [category]: 0.8 };
  return {
    model,
    classify: () => ({
      category,
      confidence: 0.8,
      scores,
      needs_review: false,
      review_reasons: [],
      model,
      ...(run && { run }),
    }),
    explain: ({ vector }, wanted) => ({
      terms: [{ term: `${wanted?.between?.[0]} ${model.name}`, weight: 1 }],
      meaning: vector ? 0.5 : null,
    }),
  };
}

/** A scorer that answers one score, and a signal named after the model. */
export function scorer(model: ModelInfo, urgency_score: number, run?: RunReport): UrgencyScorer {
  const hits: UrgencyPrediction['hits'] = [{ signal: model.name, match: 'x', weight: 1 }];
  return { model, score: () => ({ urgency_score, hits, model, ...(run && { run }) }) };
}

/** An answer that takes `pace.ms` of the virtual clock, as `pace` stands when it is asked for. */
export function delayed<Answer>(clock: VirtualClock, pace: { ms: number }, answer: () => MaybePromise<Answer>) {
  return (options: RunOptions = {}): Promise<Answer> => {
    options.onStart?.();
    return new Promise((resolve) => void clock.after(pace.ms, () => resolve(answer())));
  };
}

/**
 * Models on a virtual clock, and what a test asks of them. The baseline says Legal, heads that read an embedding say Billing.
 */
export function testModels() {
  const clock = new VirtualClock();
  const pace = { ms: 10 };
  let passes = 0;
  const embedOnce = delayed(clock, pace, (): Embedding => ({ ...RUN, vector: new Float32Array([1, 0]) }));
  const embedder: Embedder = {
    name: 'tiny-embedder',
    version: 'v1',
    maxTokens: 256,
    dimensions: 2,
    embed: (_text, options) => {
      passes++;
      return embedOnce(options);
    },
  };
  const guarded = <Model>(model: Model): Guarded<Model> => ({
    model,
    guard: new ModelGuard({
      breaker: new CircuitBreaker({ name: 'model', clock }),
      clock,
      deadlineMs: DEADLINE_MS,
      probe: (options) => embedOnce(options),
    }),
  });
  const baseline = {
    classifier: classifier(info('baseline', 'words'), 'Legal'),
    urgency: scorer(info('baseline', 'patterns'), 0.2),
    words: { vectorise: () => ({ indices: Uint32Array.of(7), values: Float32Array.of(1) }) },
    failure: { probability: () => 0.7 },
  };
  const heads = {
    classifier: { reads: 'vector', model: classifier(info('transformer', 'category-head'), 'Billing') },
    urgency: { reads: 'vector', model: scorer(info('transformer', 'urgency-head'), 0.9) },
    failure: { probability: (vector: Float32Array) => (vector[0] === 1 ? 0.2 : 0.3) },
  } as const;
  const fallbacks: string[] = [];
  const observer = {
    stage: () => undefined,
    alert: () => undefined,
    stormExclusion: () => undefined,
    failed: () => undefined,
    fallback: (model: string, reason: string) => void fallbacks.push(`${model}: ${reason}`),
  };
  const severe = { novelSignals: ['patterns', 'lawyer'], alwaysRoutedSignals: ['danger'] };
  const understanding = (models: TicketModels, ticket = aTicket()) =>
    understand(
      { ticket, channel: null, metadata: null, source: null },
      { models, clock, observer, alertThreshold: 0.8, ...severe, isMachine: () => false, isVouched: () => true },
    );
  const ask = async (models: TicketModels) => (await understanding(models)).decision;
  /** Asks, and lets the clock run until the answer is there. */
  const askAndWait = async (models: TicketModels) => {
    const answer = ask(models);
    await clock.run(DEADLINE_MS + 1);
    return answer;
  };
  const arrivalOf = async (models: TicketModels) => {
    const answer = understanding(models);
    await clock.run(DEADLINE_MS + 1);
    return (await answer).arrival;
  };
  return {
    clock,
    pace,
    guarded,
    embedder,
    baseline,
    heads,
    fallbacks,
    understanding,
    ask,
    askAndWait,
    arrivalOf,
    passes: () => passes,
  };
}
