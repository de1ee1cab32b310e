import { differenceOf, errorAt, figureOf, spearmanAt } from './figures';

const TOPICS = ['a', 'b', 'c', 'd'].flatMap((topic) => Array.from({ length: 5 }, () => topic));
const LABELS = TOPICS.map((_, i) => ((i * 7) % 20) / 20);
const BY = { topics: TOPICS, seed: 3 };
const worse = LABELS.map((label, i) => label + (i % 2 ? 0.3 : -0.3));

describe('a figure with its interval', () => {
  it('has the wider an interval, the more the topics differ', () => {
    const ofTopics = (values: readonly number[]) =>
      figureOf(BY, (positions) => positions.reduce((sum, i) => sum + (values[i] ?? 0), 0) / positions.length);
    const { value, interval } = ofTopics(TOPICS.map((topic) => topic.charCodeAt(0)));
    expect(interval[0]).toBeLessThan(value);
    expect(interval[1]).toBeGreaterThan(value);
    expect(interval[1] - interval[0]).toBeGreaterThan(1);
    expect(ofTopics(TOPICS.map(() => 1))).toEqual({ value: 1, interval: [1, 1] });
  });

  it('draws whole topics', () => {
    figureOf(BY, (positions) => {
      for (const first of [0, 5, 10, 15]) {
        const count = (position: number): number => positions.filter((drawn) => drawn === position).length;
        expect(count(first)).toBe(count(first + 4));
      }
      expect(positions).toHaveLength(TOPICS.length);
      return 0;
    });
  });

  it('depends on the seed only', () => {
    const draw = (seed: number) =>
      figureOf({ topics: LABELS.map(String), seed }, errorAt(LABELS, [...LABELS].reverse()));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(8)).not.toEqual(draw(7));
  });

  it('is exact for scores that equal the labels', () => {
    expect(figureOf(BY, spearmanAt(LABELS, LABELS)).interval[0]).toBeCloseTo(1, 12);
    expect(figureOf(BY, errorAt(LABELS, LABELS))).toEqual({ value: 0, interval: [0, 0] });
  });

  it('of a difference is 0 for scores less themselves, and draws the same topics for both', () => {
    const [good, bad] = [spearmanAt(LABELS, LABELS), spearmanAt(worse, LABELS)];
    expect(figureOf(BY, differenceOf(bad, bad))).toEqual({ value: 0, interval: [0, 0] });
    const gain = figureOf(BY, differenceOf(good, bad));
    expect(gain.value).toBeCloseTo(1 - figureOf(BY, bad).value, 12);
    expect(gain.interval[0]).toBeGreaterThan(0);
  });
});
