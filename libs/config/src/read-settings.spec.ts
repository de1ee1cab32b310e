import { isSmartSupportError, type SmartSupportError } from '@smart-support/contracts';
import * as fc from 'fast-check';
import { readSettings } from './read-settings';
import { optionalSetting, setting } from './setting';
import { oneOf, wholeNumber } from './setting-kinds';

const table = {
  door: {
    key: optionalSetting(oneOf(['open sesame']), { name: 'DOOR_KEY', meaning: 'What opens the door.', secret: true }),
    width: setting(wholeNumber(1, 9), { name: 'DOOR_WIDTH', default: '2', meaning: 'Metres.' }),
  },
};

function refusal(env: Record<string, string>): SmartSupportError {
  try {
    readSettings(table, env);
  } catch (error) {
    if (isSmartSupportError(error, 'invalid_config')) return error;
    throw error;
  }
  throw new Error('the environment was accepted');
}

describe('a secret setting', () => {
  it('has its value in the configuration', () => {
    expect(readSettings(table, { DOOR_KEY: 'open sesame' })).toEqual({ door: { key: 'open sesame', width: 2 } });
  });

  it('is named but not shown when it is wrong, beside other wrong values', () => {
    expect(refusal({ DOOR_KEY: 'hunter2', DOOR_WIDTH: 'wide' }).issues).toEqual([
      { path: 'DOOR_KEY', message: 'the value (not shown: it is a secret) must be one of open sesame' },
      { path: 'DOOR_WIDTH', message: '"wide" must be a whole number from 1 to 9' },
    ]);
  });

  it('leaves no trace in the error, whatever it was: two secrets are refused in the same words', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (secret) => {
        fc.pre(secret !== 'open sesame');
        const error = refusal({ DOOR_KEY: secret });
        const other = refusal({ DOOR_KEY: 'hunter2' });
        expect([error.message, error.issues, error.cause]).toEqual([other.message, other.issues, undefined]);
      }),
    );
  });
});
