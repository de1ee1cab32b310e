/** Cached natural logarithms of the factorials. */
let known = Float64Array.of(0);

/** ln(n!), summed term by term. @param n - an integer, at least 0 */
export function logFactorial(n: number): number {
  if (n >= known.length) {
    const longer = new Float64Array(Math.max(n + 1, 2 * known.length));
    longer.set(known);
    for (let index = known.length; index < longer.length; index += 1) {
      longer[index] = (longer[index - 1] as number) + Math.log(index);
    }
    known = longer;
  }
  return known[n] as number;
}

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
