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
