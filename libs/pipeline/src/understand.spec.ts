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
  SmartSupportError,
  type UrgencyPrediction,
  type UrgencyScorer,
} from '@smart-support/contracts';
import { VirtualClock, aTicket } from '@smart-support/testing';
import { explain } from './explain';
import type { Guarded, TicketModels } from './models';
import { textOf, understand } from './understand';
import { vouchedTest } from './storm-arrival';

const DEADLINE_MS = 2000;
const run: RunReport = {
  tokens: 9,
  unknown_tokens: 0,
  truncated: false,
  cached: false,
  timings: { queue_ms: 0, tokenise_ms: 0, inference_ms: 10 },
};
const info = (family: ModelInfo['family'], name: string): ModelInfo => ({ family, name, version: 'v1' });

/** Answers Legal where it is the baseline, Billing where it reads vectors, Technical where it reads by itself. */
function classifier(model: ModelInfo, category: CategoryPrediction['category'], runs?: RunReport): Classifier {
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
      ...(runs && { run: runs }),
    }),
    explain: ({ vector }, wanted) => ({
      terms: [{ term: `${wanted?.between?.[0]} ${model.name}`, weight: 1 }],
      meaning: vector ? 0.5 : null,
    }),
  };
}

function scorer(model: ModelInfo, urgency_score: number, runs?: RunReport): UrgencyScorer {
  const hits: UrgencyPrediction['hits'] = [{ signal: model.name, match: 'x', weight: 1 }];
  return { model, score: () => ({ urgency_score, hits, model, ...(runs && { run: runs }) }) };
}

/** A model whose runs take as long as `pace` says at the moment, on the virtual clock. */
function slowly<Answer>(clock: VirtualClock, pace: { ms: number }, answer: () => MaybePromise<Answer>) {
  return (options: RunOptions = {}): Promise<Answer> => {
    options.onStart?.();
    return new Promise((resolve) => void clock.after(pace.ms, () => resolve(answer())));
  };
}

function aScene() {
  const clock = new VirtualClock();
  const pace = { ms: 10 };
  let passes = 0;
  const embedOnce = slowly(clock, pace, (): Embedding => ({ ...run, vector: new Float32Array([1, 0]) }));
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

describe('understanding a ticket', () => {
  it('one pass of the embedder serves category and urgency, and the explanation keeps how it went', async () => {
    const { guarded, embedder, baseline, heads, askAndWait, passes } = aScene();
    const decision = await askAndWait({ baseline, transformer: { embedder: guarded(embedder), ...heads } });
    expect(passes()).toBe(1);
    expect(decision).toMatchObject({ category: 'Billing', urgency_score: 0.9, model: 'transformer', degraded: false });
    expect(decision.explanation.breaker).toEqual({ state: 'closed', reason: null });
    expect(decision.explanation.models).toEqual([{ name: 'tiny-embedder', breaker: 'closed', fallback: null, run }]);
    expect(decision.explanation.timings).toMatchObject({ embed_ms: 10, classify_ms: 0, score_urgency_ms: 0 });
  });

  it('a model that has not answered by its deadline is replaced by the baseline', async () => {
    const { clock, pace, guarded, embedder, baseline, heads, ask, fallbacks } = aScene();
    pace.ms = 60_000;
    const answer = ask({ baseline, transformer: { embedder: guarded(embedder), ...heads } });
    await clock.run(DEADLINE_MS);
    const decision = await answer;
    expect(decision).toMatchObject({ category: 'Legal', urgency_score: 0.2, model: 'baseline', degraded: true });
    expect(decision.explanation.breaker).toEqual({ state: 'closed', reason: 'deadline' });
    expect(fallbacks).toEqual(['tiny-embedder: deadline']);
  });

  it('after three slow answers the baseline answers at once, and after five fast ones the model again', async () => {
    const { clock, pace, guarded, embedder, baseline, heads, ask, askAndWait } = aScene();
    const models: TicketModels = { baseline, transformer: { embedder: guarded(embedder), ...heads } };
    pace.ms = 700;
    for (let n = 0; n < 3; n++) expect((await askAndWait(models)).degraded).toBe(false);
    const before = clock.monotonic();
    const degraded = await ask(models);
    expect(clock.monotonic()).toBe(before);
    expect(degraded).toMatchObject({ model: 'baseline', degraded: true });
    expect(degraded.explanation.breaker).toEqual({ state: 'open', reason: 'breaker_open' });
    pace.ms = 10;
    await clock.run(30_000);
    expect((await askAndWait(models)).degraded).toBe(false);
  });

  it("a slow model of the user's own does not switch the embedder off", async () => {
    const { clock, guarded, embedder, baseline, heads, askAndWait } = aScene();
    const own = info('transformer', 'own-classifier');
    const classify = slowly(clock, { ms: 900 }, () => classifier(own, 'Technical', run).classify({ text: '' }));
    const slow: Classifier = { ...classifier(own, 'Technical'), classify: (_input, options) => classify(options) };
    const models: TicketModels = {
      baseline,
      transformer: {
        ...heads,
        embedder: guarded(embedder),
        classifier: { reads: 'text', ...guarded(slow) },
      },
    };
    expect(await askAndWait(models)).toMatchObject({ category: 'Technical', urgency_score: 0.9, degraded: false });
    for (let n = 0; n < 2; n++) await askAndWait(models);
    const decision = await askAndWait(models);
    expect(decision).toMatchObject({ category: 'Legal', model: 'baseline', urgency_score: 0.9, degraded: true });
    expect(decision.explanation.models).toMatchObject([
      { name: 'tiny-embedder', breaker: 'closed', fallback: null },
      { name: 'own-classifier', breaker: 'open', fallback: 'breaker_open', run: null },
    ]);
  });

  it('two models of the user need no embedder', async () => {
    const { guarded, baseline, askAndWait } = aScene();
    const own = info('transformer', 'own');
    const decision = await askAndWait({
      baseline,
      transformer: {
        embedder: null,
        failure: null,
        classifier: { reads: 'text', ...guarded(classifier(own, 'Technical', { ...run, truncated: true })) },
        urgency: { reads: 'text', ...guarded(scorer(own, 0.7, run)) },
      },
    });
    expect(decision).toMatchObject({ category: 'Technical', urgency_score: 0.7, degraded: false });
    expect(decision.explanation).toMatchObject({ truncated: true, models: [{ name: 'own' }, { name: 'own' }] });
  });

  it('a model that fails costs nothing but the degraded flag', async () => {
    const { guarded, embedder, baseline, heads, ask, fallbacks } = aScene();
    const broken: Embedder = {
      ...embedder,
      embed: () => Promise.reject(new SmartSupportError('model_failed', 'The run failed.')),
    };
    const decision = await ask({ baseline, transformer: { embedder: guarded(broken), ...heads } });
    expect(decision).toMatchObject({ model: 'baseline', degraded: true });
    expect(fallbacks).toEqual(['tiny-embedder: failed']);
  });

  it('a head that cannot read the vector costs nothing but the degraded flag', async () => {
    const { guarded, embedder, baseline, heads, askAndWait, fallbacks } = aScene();
    const unreadable = (): never => {
      throw new SmartSupportError('invalid_input', 'The vector has another length.');
    };
    const classifier = { reads: 'vector', model: { ...heads.classifier.model, classify: unreadable } } as const;
    const decision = await askAndWait({
      baseline,
      transformer: { embedder: guarded(embedder), ...heads, classifier },
    });
    expect(decision).toMatchObject({ category: 'Legal', urgency_score: 0.9, model: 'baseline', degraded: true });
    expect(decision.explanation.breaker.reason).toBe('failed');
    expect(fallbacks).toEqual(['category-head: failed']);
  });

  it("the operator's switch leaves everything to the baseline and says so", async () => {
    const { baseline, ask } = aScene();
    const decision = await ask({ baseline, transformer: 'switched_off' });
    expect(decision).toMatchObject({ model: 'baseline', degraded: true });
    expect(decision.explanation.breaker).toEqual({ state: 'closed', reason: 'model_fallback' });
  });

  it('a pipeline without transformers is not degraded', async () => {
    const { baseline, ask } = aScene();
    expect(await ask({ baseline, transformer: null })).toMatchObject({ model: 'baseline', degraded: false });
  });
});

describe('explaining a ticket', () => {
  async function explained(answered: boolean) {
    const scene = aScene();
    const { guarded, embedder, baseline, heads, askAndWait, clock, pace } = scene;
    const models: TicketModels = { baseline, transformer: { embedder: guarded(embedder), ...heads } };
    const { explanation } = await askAndWait(models);
    pace.ms = answered ? 10 : 60_000;
    const ticket = aTicket();
    const record = {
      ticket,
      channel: null,
      metadata: null,
      source: null,
      explanation: {
        ...explanation,
        ticket_id: ticket.id,
        lane: { name: 'normal', urgency_score: 0.2 },
        assignment: null,
        corrections: null,
      },
    } as const;
    const report = explain(record, models);
    await clock.run(DEADLINE_MS);
    return report;
  }

  it('reads the text once more and lists the terms, the part of the meaning and the patterns', async () => {
    const report = await explained(true);
    expect(report.category).toMatchObject({ terms: [{ term: 'Billing category-head' }], meaning: 0.5 });
    expect(report.urgency?.hits).toMatchObject([{ signal: 'urgency-head' }]);
  });

  it('while the model does not answer, it lists what is known without it', async () => {
    const report = await explained(false);
    expect(report.category).toMatchObject({ terms: [{ term: 'Billing category-head' }], meaning: null });
    expect(report.urgency?.hits).toBeNull();
  });
});

describe('what storms know of a ticket', () => {
  it('is its embedding, by the model that made it, its words, and what it says that is severe', async () => {
    const { guarded, embedder, baseline, heads, arrivalOf } = aScene();
    const arrival = await arrivalOf({ baseline, transformer: { embedder: guarded(embedder), ...heads } });
    expect(arrival).toMatchObject({
      embedding: { model: `${embedder.name} ${embedder.version}`, vector: Float32Array.of(1, 0) },
      words: { indices: Uint32Array.of(7) },
      severe_signal: null,
    });
  });

  it('is how probable a failure is: by the vector where there is one, else by the words', async () => {
    const { guarded, embedder, baseline, heads, arrivalOf } = aScene();
    const read = (embed: Embedder['embed'], failure = heads.failure) =>
      arrivalOf({ baseline, transformer: { ...heads, embedder: guarded({ ...embedder, embed }), failure } });
    const broken = {
      probability: () => {
        throw new SmartSupportError('invalid_input', 'Another length.');
      },
    };
    const answers = [
      await read(embedder.embed),
      await read(() => Promise.reject(new SmartSupportError('model_failed', 'The run failed.'))),
      await read(embedder.embed, broken),
      await arrivalOf({ baseline, transformer: 'switched_off' }),
    ];
    expect(answers.map(({ failure }) => failure)).toEqual([0.2, 0.7, 0.7, 0.7]);
  });

  it('is by which rule it is kept out, from how the embedder read it', async () => {
    const { guarded, embedder, baseline, heads, arrivalOf } = aScene();
    const read = (report: Partial<RunReport>) => {
      const embed: Embedder['embed'] = (_text, options) => {
        options?.onStart?.();
        return Promise.resolve({ ...run, ...report, vector: new Float32Array([1, 0]) });
      };
      return arrivalOf({ baseline, transformer: { ...heads, embedder: guarded({ ...embedder, embed }) } });
    };
    const answers = [await read({}), await read({ unknown_tokens: 4 }), await read({ truncated: true })];
    expect(answers.map(({ keptOut }) => keptOut)).toEqual([null, 'unknown_words', 'truncated']);
  });

  it('is who sent it, and whether its caller vouches for the requester', async () => {
    const { clock, baseline } = aScene();
    const sent = { ticket: aTicket(), channel: 'email', metadata: null, source: { key: 'mailer', domain: '' } };
    const observer = { stage: () => undefined, alert: () => undefined, stormExclusion: () => undefined };
    const deps = { models: { baseline, transformer: 'switched_off' as const }, clock, alertThreshold: 0.8 };
    const senders = { isMachine: () => false, isVouched: vouchedTest({ channels: ['phone'], keys: ['mailer'] }) };
    const noSignals = { novelSignals: [], alwaysRoutedSignals: [] };
    const nothing = { failed: () => undefined, fallback: () => undefined };
    const { arrival } = await understand(sent, {
      ...deps,
      ...senders,
      ...noSignals,
      observer: { ...observer, ...nothing },
    });
    expect(arrival).toMatchObject({ isVouched: false, source: 'domain ' });
  });

  it('is its words where no model answered; severe is what the patterns find', async () => {
    const { baseline, arrivalOf } = aScene();
    expect(await arrivalOf({ baseline, transformer: 'switched_off' })).toMatchObject({
      embedding: null,
      words: { indices: Uint32Array.of(7) },
      severe_signal: 'patterns',
    });
  });

  it.each([
    ['one that always counts, also behind a stronger one', ['lawyer', 'other', 'danger'], 'danger', true],
    ['the strongest, where none always counts', ['other', 'patterns', 'lawyer'], 'patterns', false],
    ['nothing, where no severe signal was found', ['other'], null, false],
  ])('is, of what it says that is severe, %s', async (_what, signals, severe_signal, isAlwaysRouted) => {
    const { baseline, arrivalOf } = aScene();
    const model = info('baseline', 'patterns');
    const hits = signals.map((signal, place) => ({ signal, match: 'x', weight: 1 / (1 + place) }));
    const urgency: UrgencyScorer = { model, score: () => ({ urgency_score: 0.2, hits, model }) };
    const arrival = await arrivalOf({ baseline: { ...baseline, urgency }, transformer: 'switched_off' });
    expect(arrival).toMatchObject({ severe_signal, isAlwaysRouted });
  });

  it('is found by the patterns, too, where a custom model scores, which reports no signals', async () => {
    const { guarded, embedder, baseline, heads, arrivalOf } = aScene();
    const own = { reads: 'text', ...guarded(scorer(info('transformer', 'own'), 0.7, run)) } as const;
    const arrival = await arrivalOf({ baseline, transformer: { embedder: guarded(embedder), ...heads, urgency: own } });
    expect(arrival.severe_signal).toBe('patterns');
  });
});

describe('why a person should look at a category', () => {
  /** The reasons for a text that a transformer with these reasons of its own answered. */
  async function reasonsFor(text: string, own: CategoryPrediction['review_reasons'], report = run) {
    const scene = aScene();
    const model = info('transformer', 'own-classifier');
    const scores = { Billing: 0.8, Technical: 0.1, Legal: 0.1 };
    const classify = (): CategoryPrediction => ({
      ...{ category: 'Billing', confidence: 0.8, scores, model, run: report },
      ...{ needs_review: own.length > 0, review_reasons: own },
    });
    const { heads, guarded, understanding } = scene;
    const ownClassifier = { model, classify, explain: () => ({ terms: [], meaning: null }) };
    const transformer = { ...heads, embedder: null, classifier: { reads: 'text', ...guarded(ownClassifier) } } as const;
    const answer = understanding({ baseline: scene.baseline, transformer }, aTicket({ text }));
    await scene.clock.run(DEADLINE_MS + 1);
    const { decision } = await answer;
    expect(decision.explanation.category).toMatchObject({ review_reasons: decision.review_reasons });
    expect(decision.needs_review).toBe(decision.review_reasons.length > 0);
    return decision.review_reasons;
  }

  it('is what the model says, a text that says nothing, and one that the model read in part', async () => {
    expect(await reasonsFor('The invoice is wrong.', [])).toEqual([]);
    expect(await reasonsFor('The invoice is wrong.', ['unlike_training'])).toEqual(['unlike_training']);
    expect(await reasonsFor('Hello there, thanks!', ['low_confidence'])).toEqual(['low_confidence', 'too_short']);
    expect(await reasonsFor('The invoice is wrong.', [], { ...run, truncated: true })).toEqual(['truncated']);
  });
});

describe('what models read of a ticket', () => {
  it('is the subject above the text, both without markup', () => {
    expect(textOf({ subject: '<b>Till</b>', text: '<p>It is down</p>' })).toBe('Till\nIt is down');
    expect(textOf({ subject: null, text: 'It is down' })).toBe('It is down');
    expect(textOf({ subject: 'It is down', text: '<br>' })).toBe('It is down');
  });
});

describe('a mail', () => {
  const answerTo = async (
    record: Partial<Parameters<typeof understand>[0]>,
    isMachine = false,
    languageOf?: (text: string) => string | null,
  ): Promise<Awaited<ReturnType<typeof understand>>> => {
    const { baseline, clock } = aScene();
    const models: TicketModels = { baseline, transformer: null };
    const deps = { models, clock, observer: {}, alertThreshold: 0.8, novelSignals: [], alwaysRoutedSignals: [] };
    return understand(
      { ticket: aTicket(), channel: null, metadata: null, source: null, ...record },
      { ...deps, isMachine: () => isMachine, isVouched: () => true, ...(languageOf && { languageOf }) },
    );
  };

  it('that a machine sent in answer is marked, and belongs to no storm', async () => {
    const away = aTicket({ subject: 'Automatic reply: Your ticket', text: 'I will be back in May. The till is down.' });
    const { decision, arrival } = await answerTo({ ticket: away });
    expect([decision.automated, arrival.keptOut]).toEqual([true, 'automated']);
    const byHeader = await answerTo({ metadata: { 'auto-submitted': 'auto-replied' } });
    expect([byHeader.decision.automated, byHeader.arrival.keptOut]).toEqual([true, 'automated']);
  });

  it('of a person is not, nor is an alarm, whatever its header says', async () => {
    const { decision, arrival } = await answerTo({});
    expect([decision.automated, arrival.keptOut]).toEqual([false, null]);
    const alarm = await answerTo({ metadata: { 'Return-Path': '<>' } }, true);
    expect([alarm.decision.automated, alarm.arrival.keptOut]).toEqual([false, null]);
  });

  it('is to be looked at where it is in a language that the models do not know', async () => {
    const inLanguage = async (language: string | null, text = 'Die Kasse druckt nicht.') => {
      const { decision } = await answerTo({ ticket: aTicket({ text }) }, false, () => language);
      return [decision.language, ...decision.review_reasons];
    };
    expect(await inLanguage('de')).toEqual(['de', 'language']);
    expect(await inLanguage('en')).toEqual(['en']);
    expect(await inLanguage(null)).toEqual([null]);
    expect(await inLanguage(null, 'ไม่ทำงาน')).toEqual([null, 'language']);
  });

  it('has the urgency that the baseline gives it where the head does not know its language', async () => {
    const urgencyIn = async (language: string) => {
      const { baseline, heads, guarded, embedder, clock } = aScene();
      const models = { baseline, transformer: { ...heads, embedder: guarded(embedder) } };
      const deps = { models, clock, observer: {}, alertThreshold: 0.8, novelSignals: [], alwaysRoutedSignals: [] };
      const answer = understand(
        { ticket: aTicket({ text: 'Die Kasse druckt nicht.' }), channel: null, metadata: null, source: null },
        { ...deps, isMachine: () => false, isVouched: () => true, languageOf: () => language },
      );
      await clock.run(DEADLINE_MS + 1);
      return (await answer).decision.explanation.urgency?.model.name;
    };
    expect(await urgencyIn('de')).toBe('patterns');
    expect(await urgencyIn('en')).toBe('urgency-head');
  });

  it('has the language of its text, and that of its subject where the text is too short', async () => {
    const read: string[] = [];
    const ticket = aTicket({ subject: 'Your ticket', text: 'Nein' });
    const { decision } = await answerTo({ ticket }, false, (text) => (read.push(text), text === 'Nein' ? null : 'en'));
    expect([decision.language, ...read]).toEqual(['en', 'Nein', 'Your ticket\nNein']);
  });

  it('is explained by what was read of it, where that is not all', async () => {
    const { baseline } = aScene();
    const models: TicketModels = { baseline, transformer: null };
    const readOf = async (ticket: ReturnType<typeof aTicket>): Promise<string | null> =>
      (await explain({ ...(await recordOf(ticket)) }, models)).read;
    const recordOf = async (ticket: ReturnType<typeof aTicket>) => {
      const { explanation } = (await answerTo({ ticket })).decision;
      const lane = { name: 'normal', urgency_score: 0 } as const;
      const kept = { ...explanation, ticket_id: ticket.id, lane, assignment: null, corrections: null };
      return { ticket, explanation: kept, channel: null, metadata: null, source: null };
    };
    expect(await readOf(aTicket({ subject: 'Till', text: ' It is  down.\r\n' }))).toBeNull();
    expect(await readOf(aTicket({ subject: 'Till', text: '<p>It is down.</p><p>-- <br>Mara</p>' }))).toBe(
      'Till\nIt is down.',
    );
    expect((await readOf(aTicket({ text: 'It is down. '.repeat(900) })))?.length).toBe(2_000);
  });
});
