import { isSmartSupportError } from '@smart-support/contracts';

/**
 * Whether a call of a shared broker failed because the store is away, or because the broker was closed.
 * Each of the many calls that then fail is not worth a line: {@link StoreNews} tells of it once.
 */
export function isStoreAway(error: unknown): boolean {
  return (['unavailable', 'fate_unknown', 'closed'] as const).some((code) => isSmartSupportError(error, code));
}
