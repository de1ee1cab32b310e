/** Milliseconds of a minute. */
export const MINUTE_MS = 60_000;
/** Milliseconds of a month. */
export const MONTH_MS = 30 * 86_400_000;

const FEW = 100;
const FEW_A_MINUTE = 20;

/**
 * Whether so few tickets are known that there is no usual rate yet. A service that has just started and gets fifty tickets a second knows as few, and gets
 * ten about any common matter within a second or two: there the others come fast.
 * @param known - tickets that are known
 * @param others - of the latest ones, those that are not similar to each other
 * @param spanMs - the time in which these arrived, in milliseconds
 */
export function isLowTraffic(known: number, others: number, spanMs: number): boolean {
  return known <= FEW && others <= FEW_A_MINUTE * Math.max(1, spanMs / MINUTE_MS);
}
