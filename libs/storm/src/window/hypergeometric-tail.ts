import { logFactorial } from './log-factorials';

/** Terms smaller than this part of the sum so far change nothing any more. */
const NEGLIGIBLE = 1e-17;

/**
 * How probable it is to draw at least so many marked ones without putting back: the upper tail of the hypergeometric distribution, which is
 * the one-sided test of Fisher (The Design of Experiments, 1935).
 * @param population - how many there are
 * @param marked - how many of them are marked
 * @param drawn - how many are drawn
 * @param atLeast - how many marked ones among those drawn
 * @returns a probability, in [0, 1]
 */
export function hypergeometricTail(population: number, marked: number, drawn: number, atLeast: number): number {
  const fewest = Math.max(0, drawn - (population - marked));
  const most = Math.min(marked, drawn);
  if (atLeast <= fewest) return 1;
  if (atLeast > most) return 0;
  // From the most probable count on: further away terms may be too small to begin with.
  const mode = Math.floor(((marked + 1) * (drawn + 1)) / (population + 2));
  const start = Math.max(atLeast, Math.min(mode, most));
  const first = Math.exp(
    logChoose(marked, start) + logChoose(population - marked, drawn - start) - logChoose(population, drawn),
  );
  // Of one term and the one before.
  const ratio = (count: number): number =>
    ((marked - count) * (drawn - count)) / ((count + 1) * (population - marked - drawn + count + 1));
  let sum = first;
  for (let count = start, term = first; count < most && term > sum * NEGLIGIBLE; count += 1) {
    term *= ratio(count);
    sum += term;
  }
  for (let count = start, term = first; count > atLeast && term > sum * NEGLIGIBLE; count -= 1) {
    term /= ratio(count - 1);
    sum += term;
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}
