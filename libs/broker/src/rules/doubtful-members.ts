import {
  CATEGORIES,
  type Category,
  DOUBT_REASONS,
  type DoubtReason,
  type JoiningDoubt,
} from '@smart-support/contracts';

/** Most members that one page of doubtful members searches, in memory as on Redis. */
export const MOST_LOOKED_AT = 20_000;

/**
 * The most frequent categories: one, or several with equal counts. The same as `incidents.main_categories` of broker-redis.
 * @param counts - members of each category
 */
export function mainCategories(counts: Partial<Readonly<Record<Category, number>>>): Category[] {
  const most = Math.max(1, ...CATEGORIES.map((category) => counts[category] ?? 0));
  return CATEGORIES.filter((category) => counts[category] === most);
}

/**
 * Why a member is doubtful, in the order of `DOUBT_REASONS`; none if it is not.
 * @param doubts - reasons from its joining on
 * @param hasOtherCategory - whether its category is known, and none of {@link mainCategories}
 */
export function doubtReasons(doubts: readonly JoiningDoubt[], hasOtherCategory: boolean): DoubtReason[] {
  return DOUBT_REASONS.filter((reason) => (reason === 'other_category' ? hasOtherCategory : doubts.includes(reason)));
}
