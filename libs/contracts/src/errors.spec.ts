import type * as Errors from './errors';
import { SmartSupportError, isSmartSupportError } from './errors';

describe('recognising our errors', () => {
  it('an error of another installed copy of this package is recognised', () => {
    jest.isolateModules(() => {
      const copy = jest.requireActual<typeof Errors>('./errors');
      const theirs = new copy.SmartSupportError('queue_full', 'no room');
      expect(theirs instanceof SmartSupportError).toBe(false);
      expect(isSmartSupportError(theirs, 'queue_full')).toBe(true);
    });
  });

  it('a code that was not asked for is not accepted', () => {
    expect(isSmartSupportError(new SmartSupportError('not_found', 'gone'), 'closed')).toBe(false);
  });

  it.each([null, undefined, 'queue_full', new Error('plain'), { code: 'queue_full' }])(
    '%p is not one of ours',
    (value) => {
      expect(isSmartSupportError(value)).toBe(false);
    },
  );

  it('says whether trying again can help', () => {
    expect(new SmartSupportError('queue_full', 'no room').retryable).toBe(true);
    expect(new SmartSupportError('id_conflict', 'other text').retryable).toBe(false);
  });
});
