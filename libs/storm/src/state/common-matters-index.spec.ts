import { encodeDense } from '../log/encode-vectors';
import { embedding, words } from '../spec-support/storm-log';
import { type QuantisedVector, quantisedVector } from '../vectors/quantised-vector';
import { CommonMattersIndex } from './common-matters-index';

const vector = (degrees: number, topic = 0): QuantisedVector => quantisedVector(embedding(degrees, topic).numbers);
const matter = (degrees: number, tickets: number, topic = 0) => ({
  numbers: encodeDense(vector(degrees, topic)),
  tickets,
});
const ticket = (degrees: number, topic = 0, model = 'spec') => ({
  embedding: { model, vector: vector(degrees, topic) },
  words: words(),
});

describe('how common the matter of a ticket is', () => {
  const reference = new CommonMattersIndex({
    ...{ model: 'spec', tickets: 1_000 },
    matters: [matter(0, 200), matter(10, 300), matter(0, 40, 1)],
  });

  it('is the number of tickets of the largest matter that is similar enough', () => {
    expect(reference.countOf(ticket(0), 0.9)).toBe(300);
    expect(reference.countOf(ticket(-20), 0.9)).toBe(200);
    expect(reference.countOf(ticket(5, 1), 0.9)).toBe(40);
  });

  it('is 0 without a similar matter, and for a ticket that cannot be compared', () => {
    expect(reference.countOf(ticket(60), 0.9)).toBe(0);
    expect(reference.countOf(ticket(0, 0, 'another'), 0.9)).toBe(0);
    expect(reference.countOf({ embedding: null, words: words() }, 0.9)).toBe(0);
    const short = { model: 'spec', vector: quantisedVector(Int8Array.of(1, 2)) };
    expect(reference.countOf({ embedding: short, words: words() }, 0.9)).toBe(0);
  });
});
