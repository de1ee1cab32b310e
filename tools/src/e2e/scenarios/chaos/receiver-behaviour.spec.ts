import { behaviourFor } from './receiver-behaviour';

describe('a receiver of webhooks in all its moods', () => {
  it('is friendly most of the time', () => {
    const moods = Array.from({ length: 1000 }, (_, index) => behaviourFor(0, index / 1000));
    expect(moods.filter((mood) => mood === 'friendly')).toHaveLength(875);
    expect(new Set(moods)).toEqual(new Set(['friendly', 'slow', 'error', 'hanging']));
  });

  it('is friendly to a webhook that it treated badly twice', () => {
    expect([0, 1, 2, 7].map((tries) => behaviourFor(tries, 0))).toEqual(['error', 'error', 'friendly', 'friendly']);
  });
});
