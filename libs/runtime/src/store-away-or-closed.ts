import { isSmartSupportError, isStoreAway } from '@smart-support/contracts';

/**
 * Whether a call of a shared broker failed because the store is away, or because the broker was closed, as it is when the process stops.
 * Each of the many calls that then fail is not worth a line: {@link StoreNews} tells of it once.
 */
export function isStoreAwayOrClosed(error: unknown): boolean {
  return isStoreAway(error) || isSmartSupportError(error, 'closed');
}
