import { createUrgencyHead } from '@smart-support/urgency';
import type { LabelledTicket } from '../dataset';
import { randomFrom } from '../random';
import { urgencySection } from '../report/urgency-section';
import { trainUrgency } from './train-urgency';
import { trainUrgencyHead } from './train-urgency-head';

const SENTENCES: readonly (readonly [string, number])[] = [
  ['Thanks, it is solved, please close the ticket', 0.05],
  ['Just an idea: a darker colour would be nice', 0.1],
  ['How do I export the list? No rush', 0.2],
  ['The invoice shows a wrong name', 0.4],
  ['I am locked out and need it on Friday', 0.6],
  ['Our whole office is down since this morning', 0.8],
  ['Gas leak, people are in danger right now', 1],
];

const TOPICS = ['printer', 'router', 'lamp', 'scale', 'radio', 'clock'];

/** A few topics, each with every sentence and a word of its own. */
const TICKETS: LabelledTicket[] = TOPICS.flatMap((topic) =>
  SENTENCES.map(([sentence, urgency], index) => ({
    id: `${topic}-${index}`,
    text: `${sentence}, about the ${topic}.`,
    category: 'Technical' as const,
    urgency,
    topic,
    register: index % 2 ? 'plain' : 'terse',
  })),
);

/** Embeddings of the topic, a little of the urgency, and noise. */
const random = randomFrom(11);
const VECTORS = TICKETS.map(({ topic, urgency }) => {
  const vector = Float32Array.from({ length: 12 }, (_, i) => 0.2 * random() + (TOPICS[i] === topic ? 1 : 0));
  vector[11] = urgency;
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
});

const OPTIONS = { descriptions: { urgency: new Float64Array(12) }, embedder: { name: 'tiny', version: '1' }, seed: 1 };

describe('training the urgency head', () => {
  const training = trainUrgencyHead(TICKETS, VECTORS, OPTIONS);

  it('gives the same bytes for the same tickets, vectors and seed', () => {
    expect(trainUrgencyHead(TICKETS, VECTORS, OPTIONS)).toEqual(training);
  });

  it('gives weights that score tickets of another topic by their urgency', () => {
    const head = createUrgencyHead({ weights: training.weights });
    const scoreOf = (text: string, like: number): number =>
      head.score({ text, vector: VECTORS[like] as Float32Array }).urgency_score;
    expect(scoreOf('Gas leak in the lift, danger', 6)).toBeGreaterThan(
      scoreOf('How do I open the lift? No rush', 2) + 0.2,
    );
    expect(head.embedder).toEqual(OPTIONS.embedder);
  });

  it('scores every ticket from other topics', () => {
    expect(training.scores).toHaveLength(TICKETS.length);
    expect(training.scores[6]).toBeGreaterThan(0.7);
    expect(training.scores[0]).toBeLessThan(0.3);
  });

  it('is not fitted to the topic that it scores', () => {
    // In one topic everything means the opposite; only its own tickets could teach that.
    const turned = TICKETS.map((ticket) =>
      ticket.topic === 'lamp' ? { ...ticket, urgency: Number((1 - ticket.urgency).toFixed(2)) } : ticket,
    );
    const { scores } = trainUrgencyHead(turned, VECTORS, OPTIONS);
    expect(scores[14]).toBeLessThan(0.4);
    expect(scores[20]).toBeGreaterThan(0.6);
  });

  it('reports figures of head and baseline', () => {
    const urgency = trainUrgency(TICKETS, { seed: 1 });
    const section = urgencySection({ tickets: TICKETS, urgency, urgencyHead: training, seed: 1 });
    expect(section).toContain(`\`${training.weights.manifest.hash.slice(0, 12)}\``);
    expect(section).toMatch(/\| \*\*head\*\* \| [01]\.\d{3} \(/);
    expect(section).toContain('| terse | 24 |');
  });

  it('refuses tickets and vectors of different number', () => {
    expect(() => trainUrgencyHead(TICKETS, VECTORS.slice(1), OPTIONS)).toThrow('vectors');
  });
});
