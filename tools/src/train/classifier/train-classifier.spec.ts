import { resolve } from 'node:path';
import { createClassifierBaseline } from '@smart-support/classifier';
import { type LabelledTicket, loadTickets } from '../dataset';
import { CHOSEN_OPTIONS, fitClassifier, outOfFoldLogits } from './fit-classifier';
import { trainClassifier } from './train-classifier';

/** Two topics of each category, some tickets of each: enough to learn something, little enough to be quick. */
const TOPICS = ['refund-late', 'double-charge', 'outage', 'password-reset', 'erasure-request', 'lawsuit-threat'];
const EACH = 6;
const all = loadTickets(resolve(__dirname, '../../../../data/tickets'));
const tickets = TOPICS.flatMap((name) => all.filter(({ topic }) => topic === name).slice(0, EACH));
const options = { ...CHOSEN_OPTIONS, minimumTopics: 2, steps: 10 };

/** In place of what strangers' texts would choose. */
const calibrate = () => ({ scale: 1, reviewThreshold: 0.5, noneThreshold: 0 });

describe('training the classifier', () => {
  it('gives the same bytes twice from the same tickets and seed', () => {
    const first = trainClassifier(tickets, { seed: 1, calibrate, options }).weights;
    expect(trainClassifier(tickets, { seed: 1, calibrate, options }).weights).toEqual(first);
    const [, ...others] = tickets;
    expect(trainClassifier(others, { seed: 1, calibrate, options }).weights).not.toEqual(first);
  });

  it('classifies its own tickets, and reports the lower accuracy on topics left out', () => {
    const { weights, evaluation } = trainClassifier(tickets, { seed: 1, calibrate, options });
    const classifier = createClassifierBaseline(weights);
    const right = tickets.filter(({ text, category }) => classifier.classify({ text }).category === category).length;
    expect(right / tickets.length).toBeGreaterThan(0.9);
    expect(evaluation.accuracy).toBeLessThan(right / tickets.length);
    expect(weights.manifest.training.accuracy).toBeCloseTo(evaluation.accuracy, 3);
    expect(weights.manifest.tickets).toBe(tickets.length);
  });

  it('leaves out features of too few topics', () => {
    const size = (minimumTopics: number) =>
      fitClassifier(tickets, { ...options, minimumTopics, steps: 1 }).vocabulary.features.length;
    expect(size(1)).toBeGreaterThan(size(2));
    expect(size(2)).toBeGreaterThan(size(6));
    expect(size(TOPICS.length + 1)).toBe(0);
  });

  it('tests a ticket by a model that is not fitted to it', () => {
    const test = tickets.flatMap(({ topic }, i) => (topic === 'outage' ? [i] : []));
    const train = tickets.flatMap(({ topic }, i) => (topic === 'outage' ? [] : [i]));
    const relabelled = tickets.map((t): LabelledTicket => (t.topic === 'outage' ? { ...t, category: 'Legal' } : t));
    const honest = outOfFoldLogits(tickets, [{ train, test }], options);
    expect(outOfFoldLogits(relabelled, [{ train, test }], options)).toEqual(honest);
  });
});
