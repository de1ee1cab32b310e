import { agreementOf, gainOf } from './figures';

const TOPICS = ['a', 'b', 'c', 'd'].flatMap((topic) => Array.from({ length: 5 }, () => topic));
const LABELS = TOPICS.map((_, i) => ((i * 7) % 20) / 20);
const JUDGES = { topics: TOPICS, labels: LABELS, seed: 3 };
const worse = LABELS.map((label, i) => label + (i % 2 ? 0.3 : -0.3));

describe('figures with intervals', () => {
  it('are 1 and 0 for scores that are the labels', () => {
    const { spearman, error } = agreementOf(LABELS, JUDGES);
    expect(spearman.value).toBeCloseTo(1, 12);
    expect(spearman.interval[0]).toBeCloseTo(1, 12);
    expect(error).toEqual({ value: 0, interval: [0, 0] });
  });

  it('contain what they belong to', () => {
    const { value, interval } = agreementOf(worse, JUDGES).spearman;
    expect(interval[0]).toBeLessThan(value);
    expect(interval[1]).toBeGreaterThan(value);
  });

  it('of a gain are differences on the same tickets: none of scores over themselves', () => {
    expect(gainOf(worse, worse, JUDGES).spearman).toEqual({ value: 0, interval: [0, 0] });
    const gain = gainOf(LABELS, worse, JUDGES);
    expect(gain.spearman.value).toBeCloseTo(1 - agreementOf(worse, JUDGES).spearman.value, 12);
    expect(gain.spearman.interval[0]).toBeGreaterThan(0);
    expect(gain.error.value).toBeCloseTo(-0.3, 12);
  });
});
