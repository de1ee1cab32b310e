import { SIGNALS } from '@smart-support/urgency';
import { URGENCY_WEIGHTS } from '@smart-support/urgency/training';
import { leaveOneTopicOut } from '../cross-validation';
import type { LabelledTicket } from '../dataset';
import { predictOutOfTopic } from './out-of-topic';
import { trainUrgency } from './train-urgency';

const SENTENCES: readonly (readonly [string, number])[] = [
  ['Thanks, it is solved, please close the ticket', 0.05],
  ['Just an idea: a darker colour would be nice', 0.1],
  ['How do I export the list? No rush', 0.2],
  ['The invoice shows a wrong name', 0.4],
  ['I am locked out and need it on Friday', 0.6],
  ['Our whole office is down since this morning', 0.8],
  ['Gas leak, people are in danger right now', 1],
];

/** A few topics, each with every sentence and a word of its own. */
const TICKETS: LabelledTicket[] = ['printer', 'router', 'lamp', 'scale', 'radio'].flatMap((topic) =>
  SENTENCES.map(([sentence, urgency], index) => ({
    id: `${topic}-${index}`,
    text: `${sentence}, about the ${topic}.`,
    category: 'Technical' as const,
    urgency,
    topic,
    register: index % 2 ? 'plain' : 'terse',
  })),
);

describe('training the urgency baseline', () => {
  const training = trainUrgency(TICKETS, { seed: 1 });

  it('gives the same bytes for the same tickets and seed', () => {
    expect(trainUrgency(TICKETS, { seed: 1 })).toEqual(training);
  });

  it('predicts every ticket from other topics', () => {
    expect(training.crossValidated).toHaveLength(TICKETS.length);
    expect(training.crossValidated[6]).toBeGreaterThan(0.7);
    expect(training.crossValidated[0]).toBeLessThan(0.3);
  });

  it('writes a weight for every signal, in their order, and none on its wrong side', () => {
    const written = [...training.weightsFileContent.matchAll(/^ {4}([a-z_]+): (-?[\d.]+),$/gm)];
    const weights = written.slice(0, SIGNALS.length).map(([, name, weight]) => ({ name, weight: Number(weight) }));
    expect(weights.map(({ name }) => name)).toEqual(SIGNALS.map(({ name }) => name));
    weights.forEach(({ weight }, index) => {
      expect(SIGNALS[index]?.direction === 'raises' ? weight : -weight).toBeGreaterThanOrEqual(0);
    });
  });

  it('names other weights by another version', () => {
    const version = /version: '([0-9a-f]{12})'/.exec(training.weightsFileContent)?.[1];
    expect(version).toBeDefined();
    expect(version).not.toBe(URGENCY_WEIGHTS.version);
  });

  it('reports figures by voice and by score', () => {
    expect(training.reportSection).toMatch(/Rank correlation \(Spearman\): \*\*[01]\.\d{3}\*\*/);
    expect(training.reportSection).toContain('| terse | 20 |');
  });
});

describe('predicting out of topic', () => {
  it('never lets a ticket speak for its own topic', () => {
    // In topic "odd" the signal means the opposite; only other topics can teach that it raises.
    const rows = ['a', 'b', 'odd'].flatMap((topic) =>
      [0, 1, 0, 1].map((signal) => ({
        topic,
        category: 'Legal',
        signal,
        score: topic === 'odd' ? 0.9 - 0.8 * signal : 0.1 + 0.8 * signal,
      })),
    );
    const predictions = predictOutOfTopic(
      { vectors: rows.map(({ signal }) => Float64Array.of(signal)), scores: rows.map(({ score }) => score) },
      leaveOneTopicOut(rows),
      [1],
      0.01,
    );
    const odd = predictions.filter((_, index) => rows[index]?.topic === 'odd');
    expect(odd[1]).toBeGreaterThan(0.8);
    expect(odd[0]).toBeLessThan(0.2);
  });
});
