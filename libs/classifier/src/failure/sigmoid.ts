/** The probability that belongs to log-odds, in [0, 1]; safe for finite log-odds of any size. */
export function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
