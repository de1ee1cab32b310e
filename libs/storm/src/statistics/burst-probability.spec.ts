import * as fc from 'fast-check';
import { burstProbability } from './burst-probability';

/** Every way in which so many of `others` tickets can be the similar ones. */
function ordersOf(others: number, similar: number, from = 0): number[][] {
  if (similar === 0) return [[]];
  const orders: number[][] = [];
  for (let first = from; first <= others - similar; first += 1) {
    for (const rest of ordersOf(others, similar - 1, first + 1)) orders.push([first, ...rest]);
  }
  return orders;
}

/** The statistic by its definition: every tail counted out. */
function countedOut(places: readonly number[], others: number, fewest: number): number {
  const orders = ordersOf(others, places.length);
  const tails = places.flatMap((first, index) => {
    const count = places.length - index;
    const asLate = orders.filter((order) => order.filter((place) => place >= first).length >= count);
    return count < fewest ? [] : [asLate.length / orders.length];
  });
  return tails.length === 0 ? 1 : Math.min(1, places.length * Math.min(...tails));
}

const few = fc
  .tuple(fc.integer({ min: 1, max: 10 }), fc.nat({ max: 4 }))
  .chain(([others, fewest]) =>
    fc.record({ others: fc.constant(others), fewest: fc.constant(fewest), places: placesAmong(others) }),
  );

function placesAmong(others: number): fc.Arbitrary<number[]> {
  return fc.subarray(Array.from({ length: others }, (_, place) => place));
}

describe('the probability of a burst by chance', () => {
  it('is that over every order of arrival', () => {
    fc.assert(
      fc.property(few, ({ others, fewest, places }) => {
        expect(burstProbability(places, others, fewest)).toBeCloseTo(countedOut(places, others, fewest), 10);
      }),
    );
  });

  it('is not undercut more often than it says', () => {
    for (const [others, similar, fewest] of [
      [10, 3, 1],
      [10, 5, 3],
      [12, 6, 2],
    ] as const) {
      const values = ordersOf(others, similar).map((places) => burstProbability(places, others, fewest));
      for (const value of values) {
        const asSmall = values.filter((other) => other <= value).length;
        expect(asSmall / values.length).toBeLessThanOrEqual(value + 1e-12);
      }
    }
  });

  it('never rises when similar tickets come later', () => {
    const moved = fc.integer({ min: 2, max: 400 }).chain((others) =>
      fc.record({
        others: fc.constant(others),
        places: placesAmong(others).filter(({ length }) => length > 0 && length < others),
        pick: fc.nat(),
        fewest: fc.nat({ max: 12 }),
      }),
    );
    fc.assert(
      fc.property(moved, ({ others, places, pick, fewest }) => {
        const at = pick % places.length;
        const free = Array.from({ length: others }, (_, place) => place).filter(
          (place) => place > (places[at] ?? 0) && !places.includes(place),
        );
        const to = free[pick % Math.max(1, free.length)];
        if (to === undefined) return;
        const later = [...places.slice(0, at), ...places.slice(at + 1), to].sort((a, b) => a - b);
        const before = burstProbability(places, others, fewest);
        expect(burstProbability(later, others, fewest)).toBeLessThanOrEqual(before * (1 + 1e-9));
      }),
    );
  });

  it('is never small for evenly distributed tickets, however many', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 20 }),
        (similar, apart, fewest) => {
          const places = Array.from({ length: similar }, (_, index) => Math.floor((index + 0.5) * apart));
          expect(burstProbability(places, similar * apart, fewest)).toBeGreaterThan(0.2);
        },
      ),
    );
  });

  it('is tiny where all of them come last, and 1 where they are too few to be a burst', () => {
    const last = Array.from({ length: 12 }, (_, index) => 988 + index);
    expect(burstProbability(last, 1_000, 10)).toBeLessThan(1e-20);
    expect(burstProbability(last, 1_000, 13)).toBe(1);
    expect(burstProbability([], 1_000, 1)).toBe(1);
  });
});
