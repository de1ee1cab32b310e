import { createHmac } from 'node:crypto';
import { isSmartSupportError } from '@smart-support/contracts';
import { createSigner } from './signer';

const KEY = Buffer.from('a key of twenty-four by!');
const TIME = new Date(1_700_000_000_999);

describe('the signature of a try', () => {
  it.each(['', 'whsec_'])('is the HMAC of id, seconds and body, for a secret that begins with "%s"', (prefix) => {
    const sign = createSigner(prefix + KEY.toString('base64'));
    const hmac = createHmac('sha256', KEY).update('ticket.urgent:T-1.1700000000.{"ü":"😀"}').digest('base64');
    expect(sign('ticket.urgent:T-1', TIME, '{"ü":"😀"}')).toBe(`v1,${hmac}`);
  });

  it.each([
    '',
    'whsec_',
    'hunter2!',
    'aHVudGVyM',
    'aHVudGVy====',
    'aHVu dGVy',
    'aHVudGVy\n',
    '-_-_aHVu',
    'whsec_whsec_aHVudGVy',
  ])('cannot be made with a secret that is no base64, and the error does not quote it: %j', (secret) => {
    let error: unknown;
    try {
      createSigner(secret);
    } catch (thrown) {
      error = thrown;
    }
    expect(isSmartSupportError(error, 'invalid_config')).toBe(true);
    const { message, stack, cause } = error as Error;
    if (secret.length > 6) expect(`${message} ${stack} ${String(cause)}`).not.toContain(secret);
  });
});
