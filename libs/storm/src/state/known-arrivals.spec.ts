import { StormLog } from '../spec-support/storm-log';
import type { ArrivedEntry } from '../log/storm-entry';
import { Arrival } from './arrival';
import { KnownArrivals } from './known-arrivals';

/** Arrivals with the numbers from 1 on. */
function someArrivals(count: number): Arrival[] {
  const log = new StormLog();
  log.arriveTimes(count);
  return log.entries.map((entry, place) => new Arrival(entry as ArrivedEntry, place + 1));
}

const numbersOf = (arrivals: Iterable<Arrival>): number[] => Array.from(arrivals, ({ number }) => number);

describe('known arrivals', () => {
  it('are a queue in the order of the log, whatever was removed', () => {
    const known = new KnownArrivals();
    const all = someArrivals(200);
    all.forEach((arrival, place) => {
      known.append(arrival);
      if (place >= 10) known.removeOldest();
      const first = Math.max(1, place - 8);
      expect(known.oldest?.number).toBe(first);
      expect(numbersOf(known)).toEqual(Array.from({ length: known.size }, (_, index) => first + index));
    });
    expect([known.has('T190'), known.get('T200'), known.size]).toEqual([false, all[199], 10]);
    for (let left = 12; left > 0; left -= 1) known.removeOldest();
    expect([known.oldest, known.size]).toEqual([undefined, 0]);
  });

  it('can be read from a number on, with those that are appended and without those that are removed meanwhile', () => {
    const known = new KnownArrivals();
    const [first, second, third, fourth] = someArrivals(4) as [Arrival, Arrival, Arrival, Arrival];
    for (const arrival of [first, second, third]) known.append(arrival);
    expect(numbersOf(known.after(2))).toEqual([3]);
    expect(numbersOf(known.after(3))).toEqual([]);
    const read: number[] = [];
    for (const { number } of known.after(0)) {
      read.push(number);
      if (number !== 1) continue;
      known.append(fourth);
      known.removeOldest();
      known.removeOldest();
    }
    expect(read).toEqual([1, 3, 4]);
  });
});
