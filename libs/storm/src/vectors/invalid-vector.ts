import { SmartSupportError } from '@smart-support/contracts';

/** The error for an invalid vector, by what is wrong with it. */
export function invalidVector(what: string): SmartSupportError {
  return new SmartSupportError('invalid_input', `A vector ${what}`);
}
