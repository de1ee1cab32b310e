import * as fc from 'fast-check';
import { hypergeometricTail } from '../window/hypergeometric-tail';
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
  it('is suspected where many tickets of the window are alike and hardly any usually are', () => {
    const suspicion = testBurst(counts(), RULES);
    // The two usual ones are allowed for: below them, all eight are similar tickets.
    expect(suspicion).toMatchObject({ similarity: 0.2, count: 8, usual: 2 });
    expect(suspicion?.probability).toBeLessThan(1 / 30_000);
    expect(testBurst(counts(reference(2000)), RULES)).toMatchObject({ count: 8, usual: 0 });
  });

  it('has similar tickets that are more like the newcomer than all but a few of the usual tickets', () => {
    const usual = Array.from({ length: 40 }, () => 0.38);
    expect(testBurst(counts(reference(2000, ...usual)), RULES)).toMatchObject({
      similarity: 0.38,
      count: 8,
      usual: 0,
    });
  });

  it('is none if such tickets are usual', () => {
    const usual = Array.from({ length: 800 }, () => 0.4);
    expect(testBurst(counts(reference(2000, ...usual)), RULES)).toBeNull();
  });

  it('is none of tickets that have nothing in common, however unusual the newcomer', () => {
    const strangers = Array.from({ length: 20 }, () => 0.2);
    expect(testBurst(counts({ similarInWindow: strangers, ...reference(2000) }), RULES)).toBeNull();
  });

  it('needs five similar tickets', () => {
    const four = Array.from({ length: 4 }, () => 0.95);
    expect(testBurst(counts({ similarInWindow: four, ...reference(2000) }), RULES)).toBeNull();
    expect(testBurst(counts({ similarInWindow: [...four, 0.95], ...reference(2000) }), RULES)?.count).toBe(5);
  });

  it('needs ten where the service has too few tickets of its own to tell what is usual', () => {
    const young = (count: number) =>
      counts({ similarInWindow: Array.from({ length: count }, () => 0.8), ownInReference: 499 });
    expect(testBurst(young(9), RULES)).toBeNull();
    expect(testBurst(young(10), RULES)?.count).toBe(10);
  });

  it('must be three times the usual share', () => {
    const usual = Array.from({ length: 32 }, () => 0.6);
    const busy = (count: number) =>
      counts({
        inWindow: 2000,
        similarInWindow: Array.from({ length: count }, () => 0.6),
        ...reference(2000, ...usual),
      });
    expect(testBurst(busy(98), RULES)).toBeNull();
    expect(testBurst(busy(99), RULES)).toMatchObject({ count: 99, usual: 32 });
  });

  it('is suspected more easily by who puts up with more alarms, and the less so the more tickets a month has', () => {
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

  it('is found just as if every usual ticket had been looked at, whatever the counts, and of most of them fewer are', () => {
    const similarity = fc.double({ min: -1, max: 1, noNaN: true });
    const alike = fc.constantFrom(0.2, 0.25, 0.3, 0.5, 0.9);
    let [asked, all, found] = [0, 0, 0];
    const ofAny = fc.property(
      fc.array(similarity, { maxLength: 60 }),
      fc.array(alike, { maxLength: 60, size: 'max' }),
      fc.array(fc.oneof(similarity, alike), { maxLength: 40, size: 'max' }),
      fc.nat({ max: 1000 }),
      fc.nat({ max: 2000 }),
      (others, similarTickets, usual, strangersInWindow, strangers) => {
        const similarInWindow = [...others, ...similarTickets];
        const given = counts({
          inWindow: similarInWindow.length + strangersInWindow,
          similarInWindow,
          inReference: usual.length + strangers,
          similarityInReference: (place) => {
            asked += 1;
            return usual[place] ?? 0;
          },
        });
        all += given.inReference;
        const suspicion = testBurst(given, RULES);
        if (suspicion) found += 1;
        expect(suspicion?.probability ?? null).toEqual(leastProbable(given, usual));
      },
    );
    fc.assert(ofAny, { numRuns: 1000 });
    expect(asked).toBeLessThan(all);
    expect(found).toBeGreaterThan(0);
  });
});

/** The rule once more, as its comment says it. */
function leastProbable(given: Comparison, usual: readonly number[]): number | null {
  const mostAlike = [...usual].sort((a, b) => b - a);
  const found = [0, 2, 8, 32].flatMap((allowed) => {
    const similarity = Math.max(0.2, mostAlike[allowed] ?? 0.2);
    const count = given.similarInWindow.filter((value) => value > similarity).length;
    const ofUsual = usual.filter((value) => value > similarity).length;
    if (count < 5 || count / given.inWindow < (3 * (ofUsual + 1)) / (given.inReference + 1)) return [];
    const tail = hypergeometricTail(given.inWindow + given.inReference, count + ofUsual, given.inWindow, count);
    return 4 * tail < RULES.falseAlarmsPerMonth / given.ticketsAMonth ? [4 * tail] : [];
  });
  return found.length > 0 ? Math.min(...found) : null;
}
