import { SmartSupportError } from '@smart-support/contracts';

/** What is thrown for a vector that cannot be compared with any. */
export function invalidVector(what: string): SmartSupportError {
  return new SmartSupportError('invalid_input', `A vector ${what}`);
}
