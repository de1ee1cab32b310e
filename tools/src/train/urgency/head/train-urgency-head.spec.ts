import type { Vectoriser } from '@smart-support/contracts';
import { createUrgencyHead } from '@smart-support/urgency';
import type { LabelledTicket } from '../../dataset';
import { randomFrom } from '../../random';
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

/** A few topics, the last two of a second round, each with every sentence and a word of its own. */
const TICKETS: LabelledTicket[] = TOPICS.flatMap((topic, t) =>
  SENTENCES.map(([sentence, urgency], index) => ({
    id: `${t < 4 ? 'w' : 'x'}-${topic}-${index}`,
    text: `${sentence}, about the ${topic}.`,
    category: 'Technical' as const,
    urgency,
    topic,
    register: index % 2 ? 'plain' : 'terse',
  })),
);

/** Embeddings that tell the topic, a little of the urgency, and noise. */
const random = randomFrom(11);
const VECTORS = TICKETS.map(({ topic, urgency }) => {
  const vector = Float32Array.from({ length: 12 }, (_, i) => 0.2 * random() + (TOPICS[i] === topic ? 1 : 0));
  vector[11] = urgency;
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
});

/** One feature per letter. */
const VECTORISER: Vectoriser = {
  vectorise(text) {
    const indices = Uint32Array.from(new Set(text.toLowerCase()), (letter) => letter.charCodeAt(0)).sort();
    return { indices, values: new Float32Array(indices.length).fill(1 / Math.sqrt(indices.length)) };
  },
};

const OPTIONS = {
  vectoriser: VECTORISER,
  embedder: { name: 'tiny', version: '1' },
  baselineScores: TICKETS.map(({ urgency }, i) => (i % 3 ? urgency : 0.5)),
  seed: 1,
};

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
    expect(training.crossValidated).toHaveLength(TICKETS.length);
    expect(training.crossValidated[6]).toBeGreaterThan(0.7);
    expect(training.crossValidated[0]).toBeLessThan(0.3);
  });

  it('learns nothing about a topic from the topic itself', () => {
    // One topic where everything means the opposite: told by the others, its tickets are scored as if it did not.
    const turned = TICKETS.map((ticket) =>
      ticket.topic === 'lamp' ? { ...ticket, urgency: Number((1 - ticket.urgency).toFixed(2)) } : ticket,
    );
    const { crossValidated } = trainUrgencyHead(turned, VECTORS, OPTIONS);
    expect(crossValidated[14]).toBeLessThan(0.4);
    expect(crossValidated[20]).toBeGreaterThan(0.6);
  });

  it('writes what it gives', () => {
    expect(training.weightsFileContent).toContain(training.weights.data);
    expect(training.weightsFileContent).toContain(training.weights.manifest.hash);
  });

  it('reports the gain over the baseline on all tickets and on the second round', () => {
    expect(training.reportSection).toContain('| second round (14) | the first round alone |');
    expect(training.reportSection).toMatch(/embedding, signals and wording \(shipped\) \| [01]\.\d{3} \(/);
  });

  it('does without a second round', () => {
    const first = TICKETS.filter(({ id }) => id.startsWith('w'));
    const { reportSection } = trainUrgencyHead(first, VECTORS.slice(0, first.length), {
      ...OPTIONS,
      baselineScores: OPTIONS.baselineScores.slice(0, first.length),
    });
    expect(reportSection).not.toContain('second round (');
  });

  it('refuses tickets and vectors of different number', () => {
    expect(() => trainUrgencyHead(TICKETS, VECTORS.slice(1), OPTIONS)).toThrow('vectors');
  });
});
