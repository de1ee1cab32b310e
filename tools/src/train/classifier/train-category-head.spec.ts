import { resolve } from 'node:path';
import { createClassifierHead } from '@smart-support/classifier';
import { CATEGORIES, type Category } from '@smart-support/contracts';
import { calibrated } from '../calibration';
import { importanceOf, type LabelledTicket, loadTickets } from '../dataset';
import { randomFrom } from '../random';
import { categorySection } from '../report/category-section';
import { CHOSEN_OPTIONS } from './fit-classifier';
import { embeddingLogits, fitEmbeddingModel, labelsOf, outOfFoldEmbeddingLogits } from './fit-embedding-model';
import { trainCategoryHead } from './train-category-head';
import { trainClassifier } from './train-classifier';

/** Two topics of each category. */
const TOPICS = ['refund-late', 'double-charge', 'outage', 'password-reset', 'erasure-request', 'lawsuit-threat'];
const all = loadTickets(resolve(__dirname, '../../../../data/tickets'));
const tickets = TOPICS.flatMap((name): LabelledTicket[] => all.filter(({ topic }) => topic === name));

/** In place of embeddings and of the baseline's log-odds: numbers that correlate with the category. */
const random = randomFrom(7);
const knowing = (category: Category, length: number, hint: number): number[] =>
  Array.from({ length }, (_, i) => random() - 0.5 + (CATEGORIES.indexOf(category) === i ? hint : 0));
const vectors = tickets.map(({ category }) => Float32Array.from(knowing(category, 8, 0.5)));
const outOfTopicLogits = tickets.map(({ category }) => knowing(category, 3, 0.3));
const labels = labelsOf(tickets);
const words = { ...CHOSEN_OPTIONS, minimumTopics: 2, steps: 10 };
const descent = { steps: 20, learningRate: 0.01, standardised: true };
/** In place of what strangers' texts would choose. */
const calibrate = () => ({ scale: 1, reviewThreshold: 0.5, noneThreshold: 0 });
const trained = trainClassifier(tickets, { seed: 1, calibrate, options: words });
const baseline = { ...trained, outOfTopicLogits };
const none = Array.from({ length: 12 }, (_, i) => ({
  text: `what is the ${i}th largest lake`,
  vector: Float32Array.from(knowing('Billing', 8, 0), (number, at) => number + (at === 7 ? 2 : 0)),
}));
const descriptions = {
  categories: CATEGORIES.map(() => new Float64Array(8)),
  urgency: new Float64Array(8),
};
const options = {
  baseline,
  none,
  descriptions,
  calibrate,
  embedder: { name: 'stand-in', version: '1' },
  seed: 1,
  descent,
};
const training = trainCategoryHead(tickets, vectors, options);

describe('training the category head', () => {
  it('gives the same bytes twice from the same tickets and vectors', () => {
    expect(trainCategoryHead(tickets, vectors, options).weights).toEqual(training.weights);
  });

  it('gives a head for its baseline that answers as the trained parts do', () => {
    const head = createClassifierHead({ weights: training.weights, baseline: baseline.weights });
    const { meaningWeight } = training.weights.manifest;
    const vectorsOfAll = [...vectors, ...none.map(({ vector }) => vector)];
    const importance = [...tickets.map(importanceOf), ...none.map(() => 1)];
    const lessons = { vectors: vectorsOfAll, labels: [...labels, ...none.map(() => 3)], importance };
    const model = fitEmbeddingModel(lessons, descent);
    // Without any word the baseline knows the share of each category only, and all shares are equal.
    vectors.forEach((vector) => {
      const odds = embeddingLogits(model, vector).map((logit) => meaningWeight * logit);
      const { scores } = head.classify({ text: '', vector });
      calibrated(odds.slice(0, 3), 1).forEach((probability, k) =>
        expect(scores[CATEGORIES[k] ?? 'Legal']).toBeCloseTo(probability, 3),
      );
    });
    expect(head.embedder).toEqual(options.embedder);
  });

  it('is better than its parts where both correlate with the category', () => {
    const { evaluations } = training;
    expect(training.weights.manifest.wordsWeight).toBeGreaterThan(0);
    expect(evaluations.fused.logLoss).toBeLessThan(evaluations.baseline.logLoss);
    expect(evaluations.fused.logLoss).toBeLessThan(evaluations.embedding.logLoss);
    expect(training.weights.manifest.training.accuracy).toBeCloseTo(evaluations.fused.accuracy, 3);
  });

  it('asks a person about a text that is like those that are no ticket, whatever the confidence', () => {
    const head = createClassifierHead({ weights: training.weights, baseline: baseline.weights });
    const [{ text, vector } = { text: '', vector: new Float32Array() }] = none;
    expect(head.classify({ text, vector }).review_reasons).toContain('unlike_training');
    const flagged = vectors.filter((own) =>
      head.classify({ text: '', vector: own }).review_reasons.includes('unlike_training'),
    );
    expect(flagged.length).toBeLessThan(vectors.length / 10);
  });

  it('tests a ticket by a model that is not fitted to it', () => {
    const test = tickets.flatMap(({ topic }, i) => (topic === 'outage' ? [i] : []));
    const train = tickets.flatMap(({ topic }, i) => (topic === 'outage' ? [] : [i]));
    const relabelled = labels.map((label, i) => (test.includes(i) ? (label + 1) % 3 : label));
    const honest = outOfFoldEmbeddingLogits({ vectors, labels }, [{ train, test }], descent);
    expect(outOfFoldEmbeddingLogits({ vectors, labels: relabelled }, [{ train, test }], descent)).toEqual(honest);
    const taught = outOfFoldEmbeddingLogits(
      { vectors, labels: relabelled },
      [{ train: [...train, ...test], test }],
      descent,
    );
    expect(taught).not.toEqual(honest);
  });

  it('refuses vectors that do not fit the tickets', () => {
    expect(() => trainCategoryHead(tickets, vectors.slice(1), options)).toThrow(/108 tickets, but 107 vectors/);
  });

  it('reports every figure it can', () => {
    const section = categorySection({ tickets, classifier: baseline, categoryHead: training, seed: 1 });
    expect(section).toContain(`\`${baseline.weights.manifest.hash.slice(0, 12)}\``);
    expect(section).toContain('| words (the baseline) |');
    expect(section).not.toMatch(/NaN|undefined|Infinity/);
  });
});
