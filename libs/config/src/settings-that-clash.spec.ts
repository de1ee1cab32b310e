import { isSmartSupportError } from '@smart-support/contracts';
import { loadConfig } from './load-config';
import type { Environment } from './read-settings';

const KEYS = 'shop:ingest:0123456789abcdef';
const SIGNING = Buffer.alloc(24, 1).toString('base64');

function issuesOf(env: Environment) {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (isSmartSupportError(error, 'invalid_config')) return error.issues;
    throw error;
  }
}

describe('settings that are right one by one and do not fit together', () => {
  it('a run cannot be fast and slow at once', () => {
    expect(issuesOf({ CIRCUIT_BREAKER_FAST_MS: '600' })).toEqual([
      { path: 'CIRCUIT_BREAKER_FAST_MS', message: '600 must not be above CIRCUIT_BREAKER_LATENCY_MS, which is 500' },
    ]);
    expect(issuesOf({ CIRCUIT_BREAKER_FAST_MS: '600', CIRCUIT_BREAKER_LATENCY_MS: '600' })).toEqual([]);
  });

  it('a secret that signs nothing is a forgotten address', () => {
    expect(issuesOf({ WEBHOOK_SECRET: SIGNING })).toEqual([
      { path: 'WEBHOOK_SECRET', message: 'signs nothing while WEBHOOK_URL is unset: set both or none' },
    ]);
    expect(issuesOf({ WEBHOOK_SECRET: SIGNING, WEBHOOK_URL: 'https://example.org' })).toEqual([]);
    expect(issuesOf({ WEBHOOK_URL: 'https://example.org' })).toEqual([]);
  });

  it('callers either need a key or they do not', () => {
    const message = '1 contradicts API_KEYS: either callers need a key or they do not; unset one of the two';
    for (const HOST of ['', '0.0.0.0']) {
      expect(issuesOf({ HOST, API_KEYS: KEYS, ALLOW_ANONYMOUS: '1' })).toEqual([{ path: 'ALLOW_ANONYMOUS', message }]);
    }
    expect(issuesOf({ API_KEYS: KEYS, ALLOW_ANONYMOUS: '0' })).toEqual([]);
  });

  it.each([
    '0.0.0.0',
    '::',
    '192.168.1.5',
    'gateway',
    '127.0.0.1.example.org',
    '128.0.0.1',
    '127.0.0.256',
    'localhost.',
  ])('on %s, which others can reach, nobody listens without keys by accident', (HOST) => {
    const [issue, ...more] = issuesOf({ HOST });
    expect(more).toEqual([]);
    expect(issue?.path).toBe('HOST');
    for (const part of [`"${HOST}"`, 'API_KEYS', 'ALLOW_ANONYMOUS=1']) expect(issue?.message).toContain(part);
    expect(issuesOf({ HOST, API_KEYS: KEYS })).toEqual([]);
    expect(issuesOf({ HOST, ALLOW_ANONYMOUS: '1' })).toEqual([]);
  });

  it.each(['127.0.0.1', '127.255.3.200', '::1', 'localhost', 'LocalHost'])(
    'on %s, which stays within the machine, no keys are needed',
    (HOST) => {
      expect(issuesOf({ HOST })).toEqual([]);
    },
  );

  it('a process without an API, such as a worker, listens anywhere without keys', () => {
    expect(loadConfig({ HOST: '0.0.0.0' }, { process: 'worker' }).http.host).toBe('0.0.0.0');
    expect(() => loadConfig({ HOST: '0.0.0.0', WEBHOOK_SECRET: SIGNING }, { process: 'worker' })).toThrow(
      'WEBHOOK_SECRET',
    );
  });

  it('are all named at once', () => {
    const clashes = issuesOf({ HOST: '::', CIRCUIT_BREAKER_FAST_MS: '600', WEBHOOK_SECRET: SIGNING });
    expect(clashes.map(({ path }) => path)).toEqual(['CIRCUIT_BREAKER_FAST_MS', 'WEBHOOK_SECRET', 'HOST']);
  });
});
