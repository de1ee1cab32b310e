import type { IncomingMessage } from 'node:http';
import type { ApiKey } from '@smart-support/config';
import { metricsAccess } from './metrics-access';

const KEYS: readonly ApiKey[] = [
  { name: 'shop', role: 'ingest', secret: 'the-secret-of-the-shop' },
  { name: 'me', role: 'operator', secret: 'the-secret-of-mine' },
];

const withKeys = (...secrets: string[]): IncomingMessage =>
  ({ headersDistinct: { 'x-api-key': secrets } }) as unknown as IncomingMessage;

describe('the metrics of a worker', () => {
  it('are open to every caller where there are no keys', () => {
    expect(metricsAccess(undefined)(withKeys())).toBeUndefined();
  });

  it('are open to an operator’s key, and to no other where there are keys', () => {
    const access = metricsAccess(KEYS);
    expect(access(withKeys('the-secret-of-mine'))).toBeUndefined();
    expect(access(withKeys('the-secret-of-the-shop'))).toBe(403);
    expect(access(withKeys())).toBe(401);
    expect(access(withKeys('another'))).toBe(401);
    expect(access(withKeys('the-secret-of-mine', 'the-secret-of-mine'))).toBe(401);
  });
});
