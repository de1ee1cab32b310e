import { SmartSupportError } from '@smart-support/contracts';

/**
 * The number of a death in the cursor of a page.
 * @throws SmartSupportError `invalid_input` for a cursor that no page gave
 */
export function deathNumber(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new SmartSupportError('invalid_input', 'The cursor is not one that a page of dead letters gave', {
    issues: [{ path: 'cursor', message: 'must be the next_cursor of a page' }],
  });
}
