/** Milliseconds of a minute. */
export const MINUTE_MS = 60_000;
/** Milliseconds of a month. */
export const MONTH_MS = 30 * 86_400_000;

const FEW = 100;
const FEW_A_MINUTE = 20;

/**
 * Whether too few tickets are known to estimate a rate. A service that has just started with fifty tickets a second also knows few, and gets ten about any
 * common matter within seconds; there the other tickets arrive fast.
 * @param known - known tickets
 * @param others - the latest of them that are not similar to each other
 * @param spanMs - milliseconds in which these arrived
 */
export function isLowTraffic(known: number, others: number, spanMs: number): boolean {
  return known <= FEW && others <= FEW_A_MINUTE * Math.max(1, spanMs / MINUTE_MS);
}
