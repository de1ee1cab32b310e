import { createFailureBaseline, createFailureHead } from '@smart-support/classifier';
import { DEFAULT_FEATURES } from '@smart-support/classifier/training';
import type { FailureText } from '../dataset';
import { randomFrom } from '../random';
import { failureSection, withFailureSection } from '../report/failure-section';
import { trainFailures } from './train-failures';

const random = randomFrom(1);
const THINGS = ['printer', 'server', 'lift', 'till', 'website', 'phone'];
/** Reports contain "broken", wishes "please", and their vectors point in opposite directions. */
const texts: readonly FailureText[] = Array.from({ length: 60 }, (_, i) => {
  const thing = THINGS[i % THINGS.length] ?? '';
  const reports_failure = i % 2 === 0;
  return { id: `f${i}`, text: reports_failure ? `The ${thing} is broken` : `Please order a ${thing}`, reports_failure };
});
const vectors = texts.map(({ reports_failure }) =>
  Float32Array.from({ length: 8 }, (_, i) => random() - 0.5 + (i === 0 ? (reports_failure ? 1 : -1) : 0)),
);
const options = {
  embedder: { name: 'spec', version: '1' },
  seed: 1,
  words: { settings: DEFAULT_FEATURES, minimumTopics: 3, steps: 30, learningRate: 0.3 },
  meaning: { steps: 20, learningRate: 0.01, standardised: true },
};
const training = trainFailures(texts, vectors, options);

describe('the training of the models of failure reports', () => {
  it('separates reports from wishes, by embeddings and by words', () => {
    expect(training.scores.head).toMatchObject({ accuracy: 1, found: 1, falselyFound: 0 });
    expect(training.scores.baseline).toMatchObject({ accuracy: 1, found: 1, falselyFound: 0 });
    const head = createFailureHead({ weights: training.head });
    const baseline = createFailureBaseline(training.baseline);
    texts.forEach(({ text, reports_failure }, i) => {
      expect(head.probability(vectors[i] as Float32Array) > 0.5).toBe(reports_failure);
      expect(baseline.probability(text) > 0.5).toBe(reports_failure);
    });
  });

  it('gives the same bytes again', () => {
    expect(trainFailures(texts, vectors, options)).toEqual(training);
  });

  it('is evaluated on texts that the models are not fitted to', () => {
    // Arbitrary labels can only be memorised.
    const blind = texts.map((text, i) => ({ ...text, text: `word${i}`, reports_failure: i % 4 < 2 }));
    const { scores } = trainFailures(blind, vectors, options);
    expect(scores.head.accuracy).toBeLessThan(0.75);
    expect(scores.baseline.accuracy).toBeLessThan(0.75);
  });

  it('requires a vector for every text', () => {
    expect(() => trainFailures(texts, vectors.slice(1), options)).toThrow('60 texts, but 59 vectors');
  });
});

describe('the part of the report', () => {
  const section = failureSection(training);

  it('has the figures and the weights', () => {
    expect(section).toContain(`\`${training.head.manifest.hash.slice(0, 12)}\``);
    expect(section).toContain('100.0 %');
  });

  it('replaces an older one', () => {
    const report = withFailureSection('# Report\n\n## Data\n\nSome.\n', section);
    expect(report).toMatch(/^# Report\n\n## Data\n\nSome.\n\n## Reports of failures\n/);
    expect(withFailureSection(report, section)).toBe(report);
  });
});
