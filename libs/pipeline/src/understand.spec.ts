import {
  type CategoryPrediction,
  type Classifier,
  type Embedder,
  type RunReport,
  type UrgencyScorer,
  SmartSupportError,
} from '@smart-support/contracts';
import { aTicket } from '@smart-support/testing';
import { explain } from './explain';
import type { TicketModels } from './models';
import { vouchedTest } from './storm-arrival';
import { DEADLINE_MS, testModels, classifier, info, RUN, scorer, delayed } from './spec-support/test-models';
import { textOf, understand } from './understand';

describe('understanding a ticket', () => {
  it('one pass of the embedder serves category and urgency, and the explanation keeps how it went', async () => {
    const { guarded, embedder, baseline, heads, askAndWait, passes } = testModels();
    const decision = await askAndWait({ baseline, transformer: { embedder: guarded(embedder), ...heads } });
    expect(passes()).toBe(1);
    expect(decision).toMatchObject({ category: 'Billing', urgency_score: 0.9, model: 'transformer', degraded: false });
    expect(decision.explanation.breaker).toEqual({ state: 'closed', reason: null });
    expect(decision.explanation.models).toEqual([
      { name: 'tiny-embedder', breaker: 'closed', fallback: null, run: RUN },
    ]);
    expect(decision.explanation.timings).toMatchObject({ embed_ms: 10, classify_ms: 0, score_urgency_ms: 0 });
  });

  it('a model that has not answered by its deadline is replaced by the baseline', async () => {
    const { clock, pace, guarded, embedder, baseline, heads, ask, fallbacks } = testModels();
    pace.ms = 60_000;
    const answer = ask({ baseline, transformer: { embedder: guarded(embedder), ...heads } });
    await clock.run(DEADLINE_MS);
    const decision = await answer;
    expect(decision).toMatchObject({ category: 'Legal', urgency_score: 0.2, model: 'baseline', degraded: true });
    expect(decision.explanation.breaker).toEqual({ state: 'closed', reason: 'deadline' });
    expect(fallbacks).toEqual(['tiny-embedder: deadline']);
  });

  it('after three slow answers the baseline answers at once, and after five fast ones the model again', async () => {
    const { clock, pace, guarded, embedder, baseline, heads, ask, askAndWait } = testModels();
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
    const { clock, guarded, embedder, baseline, heads, askAndWait } = testModels();
    const own = info('transformer', 'own-classifier');
    const classify = delayed(clock, { ms: 900 }, () => classifier(own, 'Technical', RUN).classify({ text: '' }));
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
    const { guarded, baseline, askAndWait } = testModels();
    const own = info('transformer', 'own');
    const decision = await askAndWait({
      baseline,
      transformer: {
        embedder: null,
        failure: null,
        classifier: { reads: 'text', ...guarded(classifier(own, 'Technical', { ...RUN, truncated: true })) },
        urgency: { reads: 'text', ...guarded(scorer(own, 0.7, RUN)) },
      },
    });
    expect(decision).toMatchObject({ category: 'Technical', urgency_score: 0.7, degraded: false });
    expect(decision.explanation).toMatchObject({ truncated: true, models: [{ name: 'own' }, { name: 'own' }] });
  });

  it('a model that fails costs nothing but the degraded flag', async () => {
    const { guarded, embedder, baseline, heads, ask, fallbacks } = testModels();
    const broken: Embedder = {
      ...embedder,
      embed: () => Promise.reject(new SmartSupportError('model_failed', 'The run failed.')),
    };
    const decision = await ask({ baseline, transformer: { embedder: guarded(broken), ...heads } });
    expect(decision).toMatchObject({ model: 'baseline', degraded: true });
    expect(fallbacks).toEqual(['tiny-embedder: failed']);
  });

  it('a head that cannot read the vector costs nothing but the degraded flag', async () => {
    const { guarded, embedder, baseline, heads, askAndWait, fallbacks } = testModels();
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
    const { baseline, ask } = testModels();
    const decision = await ask({ baseline, transformer: 'switched_off' });
    expect(decision).toMatchObject({ model: 'baseline', degraded: true });
    expect(decision.explanation.breaker).toEqual({ state: 'closed', reason: 'model_fallback' });
  });

  it('a pipeline without transformers is not degraded', async () => {
    const { baseline, ask } = testModels();
    expect(await ask({ baseline, transformer: null })).toMatchObject({ model: 'baseline', degraded: false });
  });
});

describe('explaining a ticket', () => {
  async function explained(answered: boolean) {
    const scene = testModels();
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
    const { guarded, embedder, baseline, heads, arrivalOf } = testModels();
    const arrival = await arrivalOf({ baseline, transformer: { embedder: guarded(embedder), ...heads } });
    expect(arrival).toMatchObject({
      embedding: { model: `${embedder.name} ${embedder.version}`, vector: Float32Array.of(1, 0) },
      words: { indices: Uint32Array.of(7) },
      severe_signal: null,
    });
  });

  it('is how probable a failure is: by the vector where there is one, else by the words', async () => {
    const { guarded, embedder, baseline, heads, arrivalOf } = testModels();
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
    const { guarded, embedder, baseline, heads, arrivalOf } = testModels();
    const read = (report: Partial<RunReport>) => {
      const embed: Embedder['embed'] = (_text, options) => {
        options?.onStart?.();
        return Promise.resolve({ ...RUN, ...report, vector: new Float32Array([1, 0]) });
      };
      return arrivalOf({ baseline, transformer: { ...heads, embedder: guarded({ ...embedder, embed }) } });
    };
    const answers = [await read({}), await read({ unknown_tokens: 4 }), await read({ truncated: true })];
    expect(answers.map(({ keptOut }) => keptOut)).toEqual([null, 'unknown_words', 'truncated']);
  });

  it('is who sent it, and whether its caller vouches for the requester', async () => {
    const { clock, baseline } = testModels();
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
    const { baseline, arrivalOf } = testModels();
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
    const { baseline, arrivalOf } = testModels();
    const model = info('baseline', 'patterns');
    const hits = signals.map((signal, place) => ({ signal, match: 'x', weight: 1 / (1 + place) }));
    const urgency: UrgencyScorer = { model, score: () => ({ urgency_score: 0.2, hits, model }) };
    const arrival = await arrivalOf({ baseline: { ...baseline, urgency }, transformer: 'switched_off' });
    expect(arrival).toMatchObject({ severe_signal, isAlwaysRouted });
  });

  it('is found by the patterns, too, where a custom model scores, which reports no signals', async () => {
    const { guarded, embedder, baseline, heads, arrivalOf } = testModels();
    const own = { reads: 'text', ...guarded(scorer(info('transformer', 'own'), 0.7, RUN)) } as const;
    const arrival = await arrivalOf({ baseline, transformer: { embedder: guarded(embedder), ...heads, urgency: own } });
    expect(arrival.severe_signal).toBe('patterns');
  });
});

describe('why a person should look at a category', () => {
  /** The reasons for a text that a transformer with these reasons of its own answered. */
  async function reasonsFor(text: string, own: CategoryPrediction['review_reasons'], report = RUN) {
    const scene = testModels();
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
    expect(await reasonsFor('The invoice is wrong.', [], { ...RUN, truncated: true })).toEqual(['truncated']);
  });
});

describe('what models read of a ticket', () => {
  it('is the subject above the text, both without markup', () => {
    expect(textOf({ subject: '<b>Till</b>', text: '<p>It is down</p>' })).toBe('Till\nIt is down');
    expect(textOf({ subject: null, text: 'It is down' })).toBe('It is down');
    expect(textOf({ subject: 'It is down', text: '<br>' })).toBe('It is down');
  });
});
