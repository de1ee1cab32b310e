import { logFactorial } from './log-factorials';

/** Terms below this share of the sum are negligible. */
const NEGLIGIBLE = 1e-17;

/**
 * Probability of at least so many marked items in a draw without replacement: the upper tail of the hypergeometric distribution, which is Fisher's one-sided
 * exact test (The Design of Experiments, 1935).
 * @param population - number of items
 * @param marked - how many of them are marked
 * @param drawn - how many are drawn
 * @param atLeast - least number of marked items in the draw
 * @returns in [0, 1]
 */
export function hypergeometricTail(population: number, marked: number, drawn: number, atLeast: number): number {
  const fewest = Math.max(0, drawn - (population - marked));
  const most = Math.min(marked, drawn);
  if (atLeast <= fewest) return 1;
  if (atLeast > most) return 0;
  // Starts at the most probable count: terms further away may underflow.
  const mode = Math.floor(((marked + 1) * (drawn + 1)) / (population + 2));
  const start = Math.max(atLeast, Math.min(mode, most));
  const first = Math.exp(
    logChoose(marked, start) + logChoose(population - marked, drawn - start) - logChoose(population, drawn),
  );
  // Of the next term and this one.
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
