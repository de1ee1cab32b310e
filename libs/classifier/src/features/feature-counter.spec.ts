import fc from 'fast-check';
import { FeatureCounter, MAX_DISTINCT_FEATURES } from './feature-counter';
import { FEATURE_KINDS, DEFAULT_FEATURES } from './feature-settings';
import { featureNumber, hashPair, hashWord, kindOfFeature } from './feature-hash';
import { OccurrenceLog } from './occurrence-log';

const counter = new FeatureCounter(DEFAULT_FEATURES);

/** Halves per feature. */
function count(text: string): Map<number, number> {
  counter.count(text);
  return new Map(Array.from({ length: counter.size }, (_, i) => [counter.featureAt(i), counter.halvesAt(i)]));
}

const word = (text: string) => featureNumber(hashWord(text), FEATURE_KINDS.word);
const pair = (a: string, b: string) => featureNumber(hashPair(hashWord(a), hashWord(b)), FEATURE_KINDS.pair);
const ngram = (text: string) => featureNumber(hashWord(text), FEATURE_KINDS.characters);
const ofKind = (features: Map<number, number>, kind: number) =>
  [...features.keys()].filter((feature) => kindOfFeature(feature) === kind);

describe('counting features', () => {
  it('counts words, pairs and the n-grams of three to five characters inside a word', () => {
    const features = count('Refund it');
    expect(features.get(word('refund'))).toBe(2);
    for (const part of [' re', 'ref', 'refu', 'efund', 'und ', ' it', ' it '])
      expect(features.has(ngram(part))).toBe(true);
    for (const part of ['re', 'refund', 'd it', 'nd i']) expect(features.has(ngram(part))).toBe(false);
  });

  it('has no stop word among words and pairs; a pair steps over it', () => {
    const features = count('the refund of my invoice');
    expect(ofKind(features, FEATURE_KINDS.word)).toHaveLength(2);
    expect(ofKind(features, FEATURE_KINDS.pair)).toEqual([pair('refund', 'invoice')]);
  });

  it('counts amounts, times and numbers as one and the same', () => {
    expect(count('paid 1,234.56 on 03')).toEqual(count('paid 9 on 11'));
  });

  it('reads curly and straight apostrophes, capitals and wide letters alike', () => {
    expect(count('DON’T ｓｔｏｐ')).toEqual(count("don't stop"));
  });

  it('counts quoted words half', () => {
    expect(count('> refund').get(word('refund'))).toBe(1);
    expect(count('refund\n> refund').get(word('refund'))).toBe(3);
  });

  it('counts every currency sign as a word', () => {
    expect(count('€9').get(word('$'))).toBe(2);
  });

  it('forgets the last text', () => {
    const fresh = count('server down');
    count('quite another and much longer ticket '.repeat(50));
    expect(count('server down')).toEqual(fresh);
    expect(count('')).toEqual(new Map());
  });

  it('keeps its memory bounded however many different features a text has', () => {
    const random = fc.sample(fc.string({ minLength: 3, maxLength: 12 }), { numRuns: 20_000, seed: 7 }).join(' ');
    expect(count(random).size).toBeLessThanOrEqual(MAX_DISTINCT_FEATURES);
    expect(count(random).size).toBeGreaterThan(MAX_DISTINCT_FEATURES / 2);
  });

  it('notes where each feature it counted occurred', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const log = new OccurrenceLog();
        const features = count(text);
        counter.count(text, log);
        const noted = new Set<number>();
        log.forEach((feature) => noted.add(feature));
        expect(noted).toEqual(new Set(features.keys()));
      }),
    );
  });
});
