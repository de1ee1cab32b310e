import type * as Errors from './errors';
import { SmartSupportError, isSmartSupportError } from './errors';

describe('recognising our errors', () => {
  it('an error of another installed copy of this package is recognised', () => {
    jest.isolateModules(() => {
      const copy = jest.requireActual<typeof Errors>('./errors');
      const theirs = new copy.SmartSupportError('closed', 'draining');
      expect(theirs instanceof SmartSupportError).toBe(false);
      expect(isSmartSupportError(theirs, 'closed')).toBe(true);
    });
  });

  it('a code that was not asked for is not accepted', () => {
    expect(isSmartSupportError(new SmartSupportError('not_found', 'gone'), 'internal')).toBe(false);
  });

  it.each([null, undefined, 'closed', new Error('plain'), { code: 'closed' }])('%p is not one of ours', (value) => {
    expect(isSmartSupportError(value)).toBe(false);
  });

  it('says whether trying again can help', () => {
    expect(new SmartSupportError('closed', 'draining').retryable).toBe(true);
    expect(new SmartSupportError('not_found', 'no such id').retryable).toBe(false);
  });
});
