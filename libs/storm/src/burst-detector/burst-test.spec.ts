import * as fc from 'fast-check';
import { hypergeometricTail } from '../statistics/burst-probability';
import { type Comparison, testBurst } from './burst-test';

const RULES = { falseAlarmsPerMonth: 1, ticketThreshold: 10 };

/** A reference of so many strangers, and some that are like the newcomer. */
const reference = (size: number, ...alike: readonly number[]) => {
  return { inReference: size, similarityInReference: (place: number) => alike[place] ?? 0 };
};

const counts = (changes: Partial<Comparison> = {}): Comparison => ({
  inWindow: 20,
  similarInWindow: Array.from({ length: 8 }, () => 0.4),
  ...reference(2000, 0.45, 0.35),
  ownInReference: 2000,
  ticketsAMonth: 30_000,
  ...changes,
});

describe('a burst', () => {
  it('is found where many tickets of the window are similar and hardly any of the reference', () => {
    const burst = testBurst(counts(), RULES);
    // Two tickets of the reference are allowed: below their similarity, all eight count.
    expect(burst).toMatchObject({ similarity: 0.2, count: 8, inReference: 2 });
    expect(burst?.probability).toBeLessThan(1 / 30_000);
    expect(testBurst(counts(reference(2000)), RULES)).toMatchObject({ count: 8, inReference: 0 });
  });

  it('has tickets that are more similar to the newcomer than all but a few of the reference', () => {
    const similarities = Array.from({ length: 40 }, () => 0.38);
    expect(testBurst(counts(reference(2000, ...similarities)), RULES)).toMatchObject({
      similarity: 0.38,
      count: 8,
      inReference: 0,
    });
  });

  it('is none if the reference has such tickets at the same rate', () => {
    const similarities = Array.from({ length: 800 }, () => 0.4);
    expect(testBurst(counts(reference(2000, ...similarities)), RULES)).toBeNull();
  });

  it('is none of tickets that have nothing in common, however rare the matter of the newcomer', () => {
    const strangers = Array.from({ length: 20 }, () => 0.2);
    expect(testBurst(counts({ similarInWindow: strangers, ...reference(2000) }), RULES)).toBeNull();
  });

  it('needs five similar tickets', () => {
    const four = Array.from({ length: 4 }, () => 0.95);
    expect(testBurst(counts({ similarInWindow: four, ...reference(2000) }), RULES)).toBeNull();
    expect(testBurst(counts({ similarInWindow: [...four, 0.95], ...reference(2000) }), RULES)?.count).toBe(5);
  });

  it('needs ten where the service has too few tickets of its own for a reference', () => {
    const young = (count: number) =>
      counts({ similarInWindow: Array.from({ length: count }, () => 0.8), ownInReference: 499 });
    expect(testBurst(young(9), RULES)).toBeNull();
    expect(testBurst(young(10), RULES)?.count).toBe(10);
  });

  it('must be three times the share of the reference', () => {
    const similarities = Array.from({ length: 32 }, () => 0.6);
    const busy = (count: number) =>
      counts({
        inWindow: 2000,
        similarInWindow: Array.from({ length: count }, () => 0.6),
        ...reference(2000, ...similarities),
      });
    expect(testBurst(busy(98), RULES)).toBeNull();
    expect(testBurst(busy(99), RULES)).toMatchObject({ count: 99, inReference: 32 });
  });

  it('is found more easily the more false alarms are allowed, and less easily the more tickets a month has', () => {
    const weak = counts({
      similarInWindow: Array.from({ length: 5 }, () => 0.7),
      inWindow: 60,
      ...reference(2000, 0.7, 0.7),
    });
    expect(testBurst(weak, { ...RULES, falseAlarmsPerMonth: 0.001 })).toBeNull();
    expect(testBurst(weak, { ...RULES, falseAlarmsPerMonth: 30 })).not.toBeNull();
    expect(testBurst({ ...weak, ticketsAMonth: 1e9 }, RULES)).toBeNull();
    expect(testBurst({ ...weak, ticketsAMonth: 0 }, RULES)).toEqual(testBurst({ ...weak, ticketsAMonth: 1000 }, RULES));
  });

  it('is found exactly as by a comparison with the whole reference, mostly with fewer comparisons', () => {
    const similarity = fc.double({ min: -1, max: 1, noNaN: true });
    const alike = fc.constantFrom(0.2, 0.25, 0.3, 0.5, 0.9);
    let [asked, all, found] = [0, 0, 0];
    const ofAny = fc.property(
      fc.array(similarity, { maxLength: 60 }),
      fc.array(alike, { maxLength: 60, size: 'max' }),
      fc.array(fc.oneof(similarity, alike), { maxLength: 40, size: 'max' }),
      fc.nat({ max: 1000 }),
      fc.nat({ max: 2000 }),
      (others, similarTickets, similarities, strangersInWindow, strangers) => {
        const similarInWindow = [...others, ...similarTickets];
        const given = counts({
          inWindow: similarInWindow.length + strangersInWindow,
          similarInWindow,
          inReference: similarities.length + strangers,
          similarityInReference: (place) => {
            asked += 1;
            return similarities[place] ?? 0;
          },
        });
        all += given.inReference;
        const burst = testBurst(given, RULES);
        if (burst) found += 1;
        expect(burst?.probability ?? null).toEqual(leastProbable(given, similarities));
      },
    );
    fc.assert(ofAny, { numRuns: 1000 });
    expect(asked).toBeLessThan(all);
    expect(found).toBeGreaterThan(0);
  });
});

/** The rule once more, as its comment says it. */
function leastProbable(given: Comparison, similarities: readonly number[]): number | null {
  const mostSimilar = [...similarities].sort((a, b) => b - a);
  const found = [0, 2, 8, 32].flatMap((allowed) => {
    const similarity = Math.max(0.2, mostSimilar[allowed] ?? 0.2);
    const count = given.similarInWindow.filter((value) => value > similarity).length;
    const inReference = similarities.filter((value) => value > similarity).length;
    if (count < 5 || count / given.inWindow < (3 * (inReference + 1)) / (given.inReference + 1)) return [];
    const tail = hypergeometricTail(given.inWindow + given.inReference, count + inReference, given.inWindow, count);
    return 4 * tail < RULES.falseAlarmsPerMonth / given.ticketsAMonth ? [4 * tail] : [];
  });
  return found.length > 0 ? Math.min(...found) : null;
}
