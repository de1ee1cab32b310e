import { isSmartSupportError, isStoreAway } from '@smart-support/contracts';

/** Whether a call of the shared broker failed because that is away, or was closed: its availability tells so, too. */
export function isAway(error: unknown): boolean {
  return isStoreAway(error) || isSmartSupportError(error, 'closed');
}
