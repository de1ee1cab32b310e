import type { SparseVector } from '@smart-support/contracts';
import fc from 'fast-check';
import { DEFAULT_FEATURES } from './features/feature-settings';
import { createVectoriser } from './vectoriser';

const { vectorise } = createVectoriser();

function cosine(a: SparseVector, b: SparseVector): number {
  const other = new Map(Array.from(b.indices, (index, i) => [index, b.values[i] ?? 0]));
  return Array.from(a.indices, (index, i) => (a.values[i] ?? 0) * (other.get(index) ?? 0)).reduce((x, y) => x + y, 0);
}

describe('the vectoriser', () => {
  it('gives any text a vector of length 1 or none, its indices ascending', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const { indices, values } = vectorise(text);
        expect(values).toHaveLength(indices.length);
        expect([...indices]).toEqual([...new Set(indices)].sort((a, b) => a - b));
        const squares = values.reduce((sum, value) => sum + value * value, 0);
        if (indices.length > 0) expect(squares).toBeCloseTo(1, 4);
      }),
    );
  });

  it('finds reworded reports of one fault more alike than reports of two', () => {
    const first = vectorise('The payment page of Zarblex shows error 500 since noon');
    const second = vectorise('Zarblex payment page: error 503!');
    const third = vectorise('Please send me a copy of our contract');
    expect(cosine(first, second)).toBeGreaterThan(4 * cosine(first, third));
  });

  it('keeps words that it has never seen, with the weight of the rarest', () => {
    const product = vectorise('zarblex quuxotron');
    expect(cosine(product, vectorise('Zarblex Quuxotron!'))).toBeCloseTo(1, 6);
    expect(product.indices.length).toBeGreaterThan(10);
  });

  it('numbers features alike whatever the vocabulary', () => {
    const empty = {
      settings: DEFAULT_FEATURES,
      tickets: 0,
      features: new Uint32Array(),
      frequencies: new Uint16Array(),
    };
    const text = 'My invoice was charged twice';
    expect(createVectoriser(empty).vectorise(text).indices).toEqual(vectorise(text).indices);
  });

  it('gives rare features more weight than common ones', () => {
    const settings = { ...DEFAULT_FEATURES, characterFactor: 0, pairFactor: 0 };
    const common = createVectoriser({
      settings,
      tickets: 0,
      features: new Uint32Array(),
      frequencies: new Uint16Array(),
    });
    const [refund] = common.vectorise('refund').indices;
    const features = Uint32Array.of(refund ?? 0);
    const vectoriser = createVectoriser({ settings, tickets: 99, features, frequencies: Uint16Array.of(99) });
    const { indices, values } = vectoriser.vectorise('refund zarblex');
    const at = indices.indexOf(refund ?? 0);
    // ln(100 / 100) + 1 against ln(100 / 1) + 1
    expect((values[1 - at] ?? 0) / (values[at] ?? 0)).toBeCloseTo(Math.log(100) + 1, 4);
  });

  it('counts a second mention less than the first', () => {
    const settings = { ...DEFAULT_FEATURES, characterFactor: 0, pairFactor: 0 };
    const vocabulary = { settings, tickets: 0, features: new Uint32Array(), frequencies: new Uint16Array() };
    const { values } = createVectoriser(vocabulary).vectorise('refund refund invoice');
    expect(Math.max(...values) / Math.min(...values)).toBeCloseTo(1 + Math.log(2), 5);
  });

  it('refuses a vocabulary that does not hold together', () => {
    const settings = DEFAULT_FEATURES;
    const twice = { settings, tickets: 9, features: Uint32Array.of(5, 5), frequencies: Uint16Array.of(1, 1) };
    const short = { settings, tickets: 9, features: Uint32Array.of(5, 6), frequencies: Uint16Array.of(1) };
    for (const vocabulary of [twice, short]) {
      expect(() => createVectoriser(vocabulary)).toThrow(expect.objectContaining({ code: 'invalid_model' }));
    }
  });
});
