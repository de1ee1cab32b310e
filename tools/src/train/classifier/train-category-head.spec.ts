import { resolve } from 'node:path';
import { createClassifierHead } from '@smart-support/classifier';
import { CATEGORIES, type Category } from '@smart-support/contracts';
import { calibrated } from '../calibration';
import { type LabelledTicket, loadTickets } from '../dataset';
import { randomFrom } from '../random';
import { categoryHeadSection } from '../report/category-head-section';
import { CHOSEN_OPTIONS } from './chosen-options';
import { evaluate } from './evaluation';
import { embeddingLogits, fitEmbeddingModel, labelsOf, outOfFoldEmbeddingLogits } from './fit-embedding-model';
import { trainCategoryHead } from './train-category-head';
import { trainClassifier } from './train-classifier';

/** Two topics of each category, some tickets of each, one topic of each as if of the second round. */
const TOPICS = ['refund-late', 'double-charge', 'outage', 'password-reset', 'erasure-request', 'lawsuit-threat'];
const EACH = 18;
const all = loadTickets(resolve(__dirname, '../../../../data/tickets'));
const tickets = TOPICS.flatMap((name, place): LabelledTicket[] => {
  const some = all.filter(({ topic }) => topic === name).slice(0, EACH);
  return place % 2 === 0 ? some : some.map((ticket) => ({ ...ticket, id: `x-${ticket.id}` }));
});

/** Stand-ins for embeddings, and for what the words say of topics left out: numbers that know the category, more or less. */
const random = randomFrom(7);
const knowing = (category: Category, length: number, hint: number): number[] =>
  Array.from({ length }, (_, i) => random() - 0.5 + (CATEGORIES.indexOf(category) === i ? hint : 0));
const vectors = tickets.map(({ category }) => Float32Array.from(knowing(category, 8, 0.5)));
const outOfTopicLogits = tickets.map(({ category }) => knowing(category, 3, 0.3));
const labels = labelsOf(tickets);
const words = { ...CHOSEN_OPTIONS, minimumTopics: 2, steps: 10 };
const meaning = { steps: 20, learningRate: 0.01 };
const baseline = {
  weights: trainClassifier(tickets, { seed: 1, options: words }).weights,
  evaluation: evaluate(tickets, outOfTopicLogits),
  outOfTopicLogits,
};
const options = { baseline, embedder: { name: 'stand-in', version: '1' }, seed: 1, words, meaning };
const training = trainCategoryHead(tickets, vectors, options);

describe('training the category head', () => {
  it('gives the same bytes twice from the same tickets and vectors', () => {
    expect(trainCategoryHead(tickets, vectors, options).weightsFileContent).toBe(training.weightsFileContent);
  });

  it('makes a head for its baseline that answers as the trained parts do', () => {
    const head = createClassifierHead({ weights: training.weights, baseline: baseline.weights });
    const { meaningWeight } = training.weights.manifest;
    const model = fitEmbeddingModel({ vectors, labels }, meaning);
    // Without a word, the words say no more than how many tickets each category has: here equally many.
    vectors.forEach((vector) => {
      const odds = embeddingLogits(model, vector).map((logit) => meaningWeight * logit);
      const { scores } = head.classify({ text: '', vector });
      calibrated(odds, 1).forEach((probability, k) =>
        expect(scores[CATEGORIES[k] ?? 'Legal']).toBeCloseTo(probability, 3),
      );
    });
    expect(head.embedder).toEqual(options.embedder);
  });

  it('finds the whole better than its parts where both know something', () => {
    const { evaluations, gain } = training;
    expect(training.weights.manifest.wordsWeight).toBeGreaterThan(0);
    expect(evaluations.fused.logLoss).toBeLessThan(evaluations.baseline.logLoss);
    expect(evaluations.fused.logLoss).toBeLessThan(evaluations.embedding.logLoss);
    expect(gain.accuracy.value).toBeCloseTo(evaluations.fused.accuracy - evaluations.baseline.accuracy, 12);
    expect(gain.logLoss.value).toBeCloseTo(evaluations.fused.logLoss - evaluations.baseline.logLoss, 12);
    expect(training.weights.manifest.training.accuracy).toBeCloseTo(evaluations.fused.accuracy, 3);
  });

  it('tests a ticket with nothing that the ticket itself has taught', () => {
    const test = tickets.flatMap(({ topic }, i) => (topic === 'outage' ? [i] : []));
    const train = tickets.flatMap(({ topic }, i) => (topic === 'outage' ? [] : [i]));
    const relabelled = labels.map((label, i) => (test.includes(i) ? (label + 1) % 3 : label));
    const honest = outOfFoldEmbeddingLogits({ vectors, labels }, [{ train, test }], meaning);
    expect(outOfFoldEmbeddingLogits({ vectors, labels: relabelled }, [{ train, test }], meaning)).toEqual(honest);
    const taught = outOfFoldEmbeddingLogits(
      { vectors, labels: relabelled },
      [{ train: [...train, ...test], test }],
      meaning,
    );
    expect(taught).not.toEqual(honest);
  });

  it('judges the second round by itself, and by what the first round taught', () => {
    const { secondRound, evaluations } = training;
    const second = tickets.flatMap(({ id }, i) => (id.startsWith('x') ? [i] : []));
    const right = second.filter((i) => evaluations.fused.answers[i]?.right).length;
    expect(secondRound?.tickets).toBe(second.length);
    expect(secondRound?.leftOut.fused.value).toBeCloseTo(right / second.length, 12);
    const others = tickets.map((ticket) => ({ ...ticket, id: `w${ticket.id}` }));
    expect(trainCategoryHead(others, vectors, options).secondRound).toBeUndefined();
  });

  it('refuses vectors that do not fit the tickets', () => {
    expect(() => trainCategoryHead(tickets, vectors.slice(1), options)).toThrow(/108 tickets, but 107 vectors/);
  });

  it('reports every figure it can', () => {
    const section = categoryHeadSection({ tickets, training });
    expect(section).toContain('## Category head');
    expect(section).toContain('| words (the baseline) |');
    expect(section).not.toMatch(/NaN|undefined|Infinity/);
  });
});
