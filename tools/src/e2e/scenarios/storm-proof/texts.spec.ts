import { ELEVEN, MOST_TEXTS, UNRELATED, similarTickets } from './texts';

describe('the texts of the storm proof', () => {
  it('are all different, so that each can have an urgency of its own', () => {
    const all = [...ELEVEN, ...UNRELATED, ...similarTickets(MOST_TEXTS)];
    expect(new Set(all).size).toBe(all.length);
    expect(ELEVEN).toHaveLength(11);
    expect(MOST_TEXTS).toBeGreaterThanOrEqual(500);
  });

  it('of a storm come to an end', () => {
    expect(() => similarTickets(MOST_TEXTS + 1)).toThrow('only');
  });
});
