import { SIGNALS } from '@smart-support/urgency';
import { URGENCY_WEIGHTS } from '@smart-support/urgency/training';
import type { LabelledTicket } from '../dataset';
import { renderUrgencyWeights, trainUrgency } from './train-urgency';

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

  it('scores every ticket from other topics', () => {
    expect(training.scores).toHaveLength(TICKETS.length);
    expect(training.scores[6]).toBeGreaterThan(0.7);
    expect(training.scores[0]).toBeLessThan(0.3);
  });

  it('is not fitted to the topic that it scores', () => {
    // In one topic everything means the opposite; only its own tickets could teach that.
    const turned = TICKETS.map((ticket) =>
      ticket.topic === 'lamp' ? { ...ticket, urgency: 1 - ticket.urgency } : ticket,
    );
    const { scores } = trainUrgency(turned, { seed: 1 });
    expect(scores[20]).toBeGreaterThan(0.6);
    expect(scores[14]).toBeLessThan(0.4);
  });

  it('gives a weight for every signal, and none on its wrong side', () => {
    const weights = Object.entries(training.weights.weights);
    expect(weights.map(([name]) => name)).toEqual(SIGNALS.map(({ name }) => name));
    weights.forEach(([, weight], index) => {
      expect(SIGNALS[index]?.direction === 'raises' ? weight : -weight).toBeGreaterThanOrEqual(0);
    });
    expect(renderUrgencyWeights(training.weights)).toContain(JSON.stringify(training.weights, null, 2));
  });

  it('names other weights by another version', () => {
    expect(training.weights.version).toMatch(/^[0-9a-f]{12}$/);
    expect(training.weights.version).not.toBe(URGENCY_WEIGHTS.version);
  });
});
