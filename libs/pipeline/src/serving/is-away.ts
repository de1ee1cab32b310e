import { isSmartSupportError } from '@smart-support/contracts';

/** Whether a call of the shared broker failed because that is away, or was closed: its availability tells so, too. */
export function isAway(error: unknown): boolean {
  return (['unavailable', 'fate_unknown', 'closed'] as const).some((code) => isSmartSupportError(error, code));
}
