import { topicInterval } from './topic-bootstrap';

const TOPICS = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'];
const VALUES = [0, 0, 1, 1, 2, 2, 3, 3];
const meanOf = (indices: readonly number[]): number =>
  indices.reduce((sum, index) => sum + (VALUES[index] ?? 0), 0) / indices.length;

describe('the interval over topics', () => {
  it('contains the figure and is as wide as topics differ', () => {
    const [low, high] = topicInterval(TOPICS, meanOf, { seed: 1 });
    expect(low).toBeLessThan(1.5);
    expect(high).toBeGreaterThan(1.5);
    expect(high - low).toBeGreaterThan(1);
  });

  it('draws whole topics: tickets of one topic come and go together', () => {
    topicInterval(
      TOPICS,
      (indices) => {
        for (const first of [0, 2, 4, 6]) {
          const count = (index: number): number => indices.filter((drawn) => drawn === index).length;
          expect(count(first)).toBe(count(first + 1));
        }
        expect(indices).toHaveLength(TOPICS.length);
        return 0;
      },
      { seed: 1, draws: 50 },
    );
  });

  it('is the same for the same seed', () => {
    expect(topicInterval(TOPICS, meanOf, { seed: 7 })).toEqual(topicInterval(TOPICS, meanOf, { seed: 7 }));
  });
});
