import type { SparseVector } from '@smart-support/contracts';
import fc from 'fast-check';
import { createVectoriser } from './vectoriser';
import { createWordVectoriser } from './word-vectoriser';

const { vectorise } = createWordVectoriser();

const lengthOf = ({ values }: SparseVector) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

describe('the word vectoriser', () => {
  it('gives any text a vector of length 1 with at most 64 features, or none, its indices ascending', () => {
    const letters = fc.string({ unit: 'binary', maxLength: 400 });
    const words = fc.array(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 200 }).map((all) => all.join(' '));
    fc.assert(
      fc.property(fc.oneof(letters, words), (text) => {
        const vector = vectorise(text);
        expect(vector.values).toHaveLength(vector.indices.length);
        expect(vector.indices.length).toBeLessThanOrEqual(64);
        expect([...vector.indices]).toEqual([...new Set(vector.indices)].sort((a, b) => a - b));
        if (vector.indices.length > 0) expect(lengthOf(vector)).toBeCloseTo(1, 4);
      }),
    );
  });

  it('has a feature for each word that means something, and none for its parts or neighbours', () => {
    expect(vectorise('The refund of my invoice').indices).toHaveLength(2);
    expect(vectorise('').indices).toHaveLength(0);
    expect(vectorise('is it').indices).toHaveLength(0);
  });

  it('counts pairs of neighbours on request', () => {
    const { indices } = createWordVectoriser({ pairFactor: 1 }).vectorise('The refund of my invoice');
    expect(indices).toHaveLength(3);
  });

  it('takes texts for the same that differ in numbers, capitals, apostrophes and punctuation only', () => {
    expect(vectorise('Error 502: 14 orders, can’t pay!')).toEqual(vectorise("error 7 - 3 orders can't PAY"));
  });

  it('numbers words as the vectoriser of all features does, so that their vectors can be compared', () => {
    const all = new Set(createVectoriser().vectorise('Checkout is down').indices);
    expect([...vectorise('Checkout is down').indices].every((index) => all.has(index))).toBe(true);
  });

  it('keeps the heaviest words of a long text: those named again and the rare ones', () => {
    const common = vectorise('invoice');
    const rare = vectorise('zarblex');
    const often = vectorise('quuxotron');
    const text = `invoice zarblex ${'quuxotron '.repeat(5)}`;
    expect(createWordVectoriser({ limit: 1 }).vectorise(text)).toEqual(often);
    const two = createWordVectoriser({ limit: 2 }).vectorise(text);
    expect([...two.indices]).toEqual([...often.indices, ...rare.indices].sort((a, b) => a - b));
    expect(lengthOf(two)).toBeCloseTo(1, 6);
    expect([...two.indices]).not.toContain(common.indices[0]);
    expect(createWordVectoriser({ limit: 0 }).vectorise(text).indices).toHaveLength(0);
  });

  it('reads the largest ticket, every word of it different, without failing', () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `w${String.fromCharCode(97 + (i % 26))}${i.toString(36)}`);
    expect(vectorise(text.join(' ')).indices).toHaveLength(64);
    expect(vectorise('\ud800\u0000'.repeat(100_000)).indices).toHaveLength(0);
  });
});
