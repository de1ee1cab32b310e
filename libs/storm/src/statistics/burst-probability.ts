import { hypergeometricTail } from './hypergeometric-tail';

/**
 * Probability that so many similar tickets stand so late among all tickets if every order is equally probable: a scan statistic. Takes the tail of the
 * hypergeometric distribution for each span from one of the similar tickets to the newest, and multiplies the smallest by their number (Bonferroni). Uses
 * places instead of times, so that an inbox that fills faster at noon, or is flushed after a stop, is no burst.
 * @param places - of the similar tickets, ascending, without the newest ticket
 * @param others - number of all tickets without the newest
 * @param fewest - least number of similar tickets in a span
 * @returns in [0, 1]
 */
export function burstProbability(places: readonly number[], others: number, fewest: number): number {
  if (places.length === 0) return 1;
  let smallest = 1;
  for (let first = 0; first < places.length && places.length - first >= fewest; first += 1) {
    const span = others - (places[first] as number);
    smallest = Math.min(smallest, hypergeometricTail(others, places.length, span, places.length - first));
  }
  return Math.min(1, smallest * places.length);
}
