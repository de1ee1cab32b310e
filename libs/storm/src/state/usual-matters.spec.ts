import { encodeDense } from '../log/encode-vectors';
import { embedding, words } from '../spec-support/storm-log';
import { type QuantisedVector, quantisedVector } from '../vectors/quantised-vector';
import { UsualReference, areUsualMatters } from './usual-matters';

const vector = (degrees: number, topic = 0): QuantisedVector => quantisedVector(embedding(degrees, topic).numbers);
const matter = (degrees: number, tickets: number, topic = 0) => ({
  numbers: encodeDense(vector(degrees, topic)),
  tickets,
});
const ticket = (degrees: number, topic = 0, model = 'spec') => ({
  embedding: { model, vector: vector(degrees, topic) },
  words: words(),
});

describe('how usual the matter of a ticket is', () => {
  const reference = new UsualReference({
    ...{ model: 'spec', tickets: 1_000 },
    matters: [matter(0, 200), matter(10, 300), matter(0, 40, 1)],
  });

  it('is how many of the last days’ tickets were about the largest matter that is near enough', () => {
    expect(reference.countOf(ticket(0), 0.9)).toBe(300);
    expect(reference.countOf(ticket(-20), 0.9)).toBe(200);
    expect(reference.countOf(ticket(5, 1), 0.9)).toBe(40);
  });

  it('is 0 for a matter that none of them is near, and for what cannot be compared', () => {
    expect(reference.countOf(ticket(60), 0.9)).toBe(0);
    expect(reference.countOf(ticket(0, 0, 'another'), 0.9)).toBe(0);
    expect(reference.countOf({ embedding: null, words: words() }, 0.9)).toBe(0);
    const short = { model: 'spec', vector: quantisedVector(Int8Array.of(1, 2)) };
    expect(reference.countOf({ embedding: short, words: words() }, 0.9)).toBe(0);
  });
});

describe('usual matters read from a log', () => {
  const matters = [matter(0, 5)];

  it('are taken as they were written', () => {
    expect(areUsualMatters(JSON.parse(JSON.stringify({ model: 'm', tickets: 9, matters })))).toBe(true);
    expect(areUsualMatters({ model: '', tickets: 0, matters: [] })).toBe(true);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'usual'],
    ['a model that is no text', { model: 5, tickets: 9, matters }],
    ['a count that is no number', { model: 'm', tickets: '9', matters }],
    ['matters that are no list', { model: 'm', tickets: 9, matters: 5 }],
    ['a matter that is none', { model: 'm', tickets: 9, matters: [null] }],
    ['a vector that points nowhere', { model: 'm', tickets: 9, matters: [{ numbers: 'AAAA', tickets: 5 }] }],
    ['a matter without a count', { model: 'm', tickets: 9, matters: [{ numbers: matters[0]?.numbers }] }],
  ])('are refused if they are %s', (_what, value) => {
    expect(areUsualMatters(value)).toBe(false);
  });
});
