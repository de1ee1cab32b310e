import type * as Errors from './errors';
import {
  ERROR_CODES,
  type ErrorCode,
  SmartSupportError,
  isSmartSupportError,
  isStoreAway,
  isStoreAwayOrClosed,
} from './errors';

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

describe('recognising that the shared store is away', () => {
  const codes = Object.keys(ERROR_CODES) as ErrorCode[];

  it('it is away if it cannot be reached, or if nobody knows whether the call arrived', () => {
    const away = codes.filter((code) => isStoreAway(new SmartSupportError(code, 'no')));
    expect(away).toEqual(['unavailable', 'outcome_unknown']);
  });

  it('for those to whom both are alike, a broker that was closed on purpose counts as well', () => {
    const awayOrClosed = codes.filter((code) => isStoreAwayOrClosed(new SmartSupportError(code, 'no')));
    expect(awayOrClosed).toEqual(['closed', 'unavailable', 'outcome_unknown']);
  });

  it.each([null, undefined, 'unavailable', new Error('plain'), { code: 'unavailable' }])(
    '%p says nothing of it',
    (value) => {
      expect([isStoreAway(value), isStoreAwayOrClosed(value)]).toEqual([false, false]);
    },
  );
});
