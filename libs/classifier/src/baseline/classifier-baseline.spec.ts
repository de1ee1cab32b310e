import { CATEGORIES } from '@smart-support/contracts';
import fc from 'fast-check';
import { BASELINE_WEIGHTS } from './baseline-weights';
import { createClassifierBaseline } from './classifier-baseline';
import { STOP_WORDS } from '../features/stop-words';

const classifier = createClassifierBaseline();
const { manifest } = BASELINE_WEIGHTS;

describe('the baseline classifier', () => {
  it.each([
    ['I was charged twice for my subscription, please refund one of the payments', 'Billing'],
    ['The app crashes with an error every time I try to log in after the update', 'Technical'],
    ['Under the GDPR I request that you erase all personal data you hold about me', 'Legal'],
  ])('sorts "%s" into %s without a review', (text, category) => {
    const prediction = classifier.classify({ text });
    expect(prediction).toMatchObject({ category, needs_review: false });
    expect(prediction.confidence).toBe(prediction.scores[prediction.category]);
  });

  it('names itself with the version of its weights', () => {
    expect(classifier.model).toEqual({ family: 'baseline', name: 'tfidf-lr', version: manifest.hash.slice(0, 12) });
    expect(classifier.classify({ text: 'hello' }).model).toEqual(classifier.model);
  });

  it.each(['', ' \n\t', '!!! ??', '💥💥', '\ud800', '漢字だけ', 'From: ann@example.com'])(
    'answers a text without a known word (%j) with the prior and asks for a review',
    (text) => {
      const { scores, needs_review } = classifier.classify({ text });
      expect(Object.values(scores)).toEqual(manifest.prior);
      expect(needs_review).toBe(true);
      expect(classifier.explain({ text }).terms).toEqual([]);
    },
  );

  it('gives any text whatever three probabilities that add up to 1', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.lorem(), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(texts, (text) => {
        const { category, confidence, scores, needs_review, review_reasons } = classifier.classify({ text });
        const values = CATEGORIES.map((name) => scores[name]);
        expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
        expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
        expect(confidence).toBe(Math.max(...values));
        expect(scores[category]).toBe(confidence);
        expect(needs_review).toBe(confidence < manifest.reviewThreshold);
        expect(review_reasons).toEqual(needs_review ? ['low_confidence'] : []);
      }),
    );
  });

  it.each([
    'a'.repeat(65_536),
    '\u0301\u0316'.repeat(32_768),
    '>\n'.repeat(32_768),
    '--\n'.repeat(20_000),
    '\ud83d'.repeat(65_536),
    '__proto__ constructor toString '.repeat(2_000),
    Array.from({ length: 8_000 }, (_, i) => `w${(i * 7919).toString(36)}`).join(' '),
  ])('answers 64 KiB of hostile text, case %#', (text) => {
    expect(classifier.classify({ text }).confidence).toBeGreaterThan(0.3);
    expect(classifier.explain({ text }).terms.every(({ weight }) => Number.isFinite(weight))).toBe(true);
  });

  it('remembers nothing of the texts before', () => {
    const text = 'Refund my invoice';
    const before = classifier.classify({ text });
    fc.sample(fc.string({ unit: 'binary', maxLength: 500 }), 50).forEach((other) =>
      classifier.classify({ text: other }),
    );
    expect(classifier.classify({ text })).toEqual(before);
  });

  it('is less sure where words that it does not know stand beside those it does', () => {
    const sure = classifier.classify({ text: 'invoice refund' });
    const mixed = classifier.classify({ text: 'invoice refund 漢字 仮名 文字' });
    expect(mixed.category).toBe(sure.category);
    expect(mixed.confidence).toBeLessThan(sure.confidence);
  });

  it('ignores a vector', () => {
    const text = 'Refund my invoice';
    expect(classifier.classify({ text, vector: new Float32Array(384) })).toEqual(classifier.classify({ text }));
  });
});

describe('an explanation of the baseline', () => {
  it('names the words that decided, strongest first, ten by default', () => {
    const text =
      'I want a refund, because the invoice was charged twice to my credit card, which I never agreed to pay at all';
    const { terms } = classifier.explain({ text });
    const strengths = terms.map(({ weight }) => Math.abs(weight));
    expect(terms).toHaveLength(10);
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
    expect(['refund', 'invoice', 'charged', 'card']).toContain(terms[0]?.term);
    expect(terms[0]?.weight).toBeGreaterThan(0);
    expect(STOP_WORDS).not.toContain(terms[0]?.term);
    expect(classifier.explain({ text }, { limit: 3 }).terms).toEqual(terms.slice(0, 3));
    expect(classifier.explain({ text }, { limit: 0 }).terms).toEqual([]);
  });

  it('shows what speaks against the answer with a minus', () => {
    const { terms } = classifier.explain({ text: 'The app crashes when I open the invoice page' });
    expect(terms.find(({ term }) => term === 'invoice')?.weight).toBeLessThan(0);
  });

  it('adds up to the log-odds of the best category against the second best', () => {
    const words = fc.constantFrom(
      'refund',
      'invoice',
      'server',
      'error',
      'contract',
      'my',
      'the',
      '5',
      'zarblex',
      'Ünïcode',
    );
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 30 }), fc.boolean(), (list, quoted) => {
        const text = quoted ? `${list.join(' ')}\n> ${list.join(' ')}` : list.join(' ');
        const { scores } = classifier.classify({ text });
        const [first, second] = CATEGORIES.map((name, k) => ({
          score: scores[name],
          bias: manifest.biases[k] ?? 0,
        })).sort((a, b) => b.score - a.score);
        const shares = classifier
          .explain({ text }, { limit: Infinity })
          .terms.reduce((sum, { weight }) => sum + weight, 0);
        if (shares === 0 || !first || !second) return;
        const biases = manifest.scale * (first.bias - second.bias);
        expect(shares + biases).toBeCloseTo(Math.log(first.score / second.score), 6);
      }),
    );
  });

  it('takes names of object properties for words like any other', () => {
    const terms = classifier
      .explain({ text: '__proto__ constructor hasOwnProperty refund' }, { limit: Infinity })
      .terms.map(({ term }) => term);
    expect(terms).toEqual(expect.arrayContaining(['proto', 'constructor', 'refund']));
  });
});
