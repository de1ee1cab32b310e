import { hypergeometricTail } from './hypergeometric-tail';

/**
 * How probable it is that so many of some similar tickets come so late among all tickets, if every order of arrival is as probable as any other: a scan
 * statistic. Of each span that begins at one of the similar tickets and ends with the newest the tail of the hypergeometric distribution is taken,
 * and the smallest one is multiplied by their number (Bonferroni). Positions instead of moments: an inbox that fills faster at noon, or is
 * flushed after a stop, has no burst for that.
 * @param places - of the similar tickets, ascending; the newest ticket, which is one of them by choice, is not counted
 * @param others - how many tickets there are besides the newest, similar or not
 * @param fewest - spans with fewer similar tickets are passed over
 * @returns a probability, in [0, 1]
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
