import * as fc from 'fast-check';
import { hypergeometricTail } from './hypergeometric-tail';
import { type SuspicionCounts, suspicionOf } from './suspicion';

const RULES = { falseAlarmsPerMonth: 1, ticketThreshold: 10 };

/** A reference of so many strangers, and some that are like the newcomer. */
const reference = (size: number, ...alike: readonly number[]) => {
  return { inReference: size, likeInReference: (place: number) => alike[place] ?? 0 };
};

const counts = (changes: Partial<SuspicionCounts> = {}): SuspicionCounts => ({
  inWindow: 20,
  likeInWindow: Array.from({ length: 8 }, () => 0.4),
  ...reference(2000, 0.45, 0.35),
  ownInReference: 2000,
  ticketsAMonth: 30_000,
  ...changes,
});

describe('a burst', () => {
  it('is suspected where many tickets of the window are alike and hardly any usually are', () => {
    const suspicion = suspicionOf(counts(), RULES);
    // The two usual ones are allowed for: below them, all eight are look-alikes.
    expect(suspicion).toMatchObject({ likeness: 0.2, count: 8, usual: 2 });
    expect(suspicion?.probability).toBeLessThan(1 / 30_000);
    expect(suspicionOf(counts(reference(2000)), RULES)).toMatchObject({ count: 8, usual: 0 });
  });

  it('has look-alikes that are more like the newcomer than hardly any of the usual tickets', () => {
    const usual = Array.from({ length: 40 }, () => 0.38);
    expect(suspicionOf(counts(reference(2000, ...usual)), RULES)).toMatchObject({ likeness: 0.38, count: 8, usual: 0 });
  });

  it('is none if such tickets are usual', () => {
    const usual = Array.from({ length: 800 }, () => 0.4);
    expect(suspicionOf(counts(reference(2000, ...usual)), RULES)).toBeNull();
  });

  it('is none of tickets that have nothing in common, however unusual the newcomer', () => {
    const strangers = Array.from({ length: 20 }, () => 0.2);
    expect(suspicionOf(counts({ likeInWindow: strangers, ...reference(2000) }), RULES)).toBeNull();
  });

  it('needs five look-alikes', () => {
    const four = Array.from({ length: 4 }, () => 0.95);
    expect(suspicionOf(counts({ likeInWindow: four, ...reference(2000) }), RULES)).toBeNull();
    expect(suspicionOf(counts({ likeInWindow: [...four, 0.95], ...reference(2000) }), RULES)?.count).toBe(5);
  });

  it('needs ten where the service has too few tickets of its own to tell what is usual', () => {
    const young = (count: number) =>
      counts({ likeInWindow: Array.from({ length: count }, () => 0.8), ownInReference: 499 });
    expect(suspicionOf(young(9), RULES)).toBeNull();
    expect(suspicionOf(young(10), RULES)?.count).toBe(10);
  });

  it('must be three times the usual share', () => {
    const usual = Array.from({ length: 32 }, () => 0.6);
    const busy = (count: number) =>
      counts({
        inWindow: 2000,
        likeInWindow: Array.from({ length: count }, () => 0.6),
        ...reference(2000, ...usual),
      });
    expect(suspicionOf(busy(98), RULES)).toBeNull();
    expect(suspicionOf(busy(99), RULES)).toMatchObject({ count: 99, usual: 32 });
  });

  it('is suspected more easily by who puts up with more alarms, and the less so the more tickets a month has', () => {
    const weak = counts({
      likeInWindow: Array.from({ length: 5 }, () => 0.7),
      inWindow: 60,
      ...reference(2000, 0.7, 0.7),
    });
    expect(suspicionOf(weak, { ...RULES, falseAlarmsPerMonth: 0.001 })).toBeNull();
    expect(suspicionOf(weak, { ...RULES, falseAlarmsPerMonth: 30 })).not.toBeNull();
    expect(suspicionOf({ ...weak, ticketsAMonth: 1e9 }, RULES)).toBeNull();
    expect(suspicionOf({ ...weak, ticketsAMonth: 0 }, RULES)).toEqual(
      suspicionOf({ ...weak, ticketsAMonth: 1000 }, RULES),
    );
  });

  it('is found for any counts just as if every usual ticket had been looked at, and of most of them fewer are', () => {
    const likeness = fc.double({ min: -1, max: 1, noNaN: true });
    const alike = fc.double({ min: 0.3, max: 1, noNaN: true });
    let [asked, all] = [0, 0];
    const ofAny = fc.property(
      fc.array(likeness, { maxLength: 60 }),
      fc.array(alike, { maxLength: 20 }),
      fc.array(likeness, { maxLength: 40 }),
      fc.nat({ max: 2000 }),
      (others, lookAlikes, usual, strangers) => {
        const likeInWindow = [...others, ...lookAlikes];
        const given = counts({
          inWindow: likeInWindow.length,
          likeInWindow,
          inReference: usual.length + strangers,
          likeInReference: (place) => {
            asked += 1;
            return usual[place] ?? 0;
          },
        });
        all += given.inReference;
        const bound = RULES.falseAlarmsPerMonth / given.ticketsAMonth;
        expect(suspicionOf(given, RULES)?.probability ?? null).toEqual(
          leastProbable(likeInWindow, usual, given.inReference, bound),
        );
      },
    );
    fc.assert(ofAny, { numRuns: 500 });
    expect(asked).toBeLessThan(all);
  });
});

/** The rule once more, as its comment says it. */
function leastProbable(
  window: readonly number[],
  usual: readonly number[],
  inReference: number,
  bound: number,
): number | null {
  const mostAlike = [...usual].sort((a, b) => b - a);
  const found = [0, 2, 8, 32].flatMap((allowed) => {
    const likeness = Math.max(0.2, mostAlike[allowed] ?? 0.2);
    const count = window.filter((value) => value > likeness).length;
    const ofUsual = usual.filter((value) => value > likeness).length;
    if (count < 5 || count / window.length < (3 * (ofUsual + 1)) / (inReference + 1)) return [];
    const tail = hypergeometricTail(window.length + inReference, count + ofUsual, window.length, count);
    return 4 * tail < bound ? [4 * tail] : [];
  });
  return found.length > 0 ? Math.min(...found) : null;
}
