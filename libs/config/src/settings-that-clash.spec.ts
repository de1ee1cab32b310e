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
    ['another spelling of a name', 'shop,Shop', 'entry 2: in API_KEYS it is no such key'],
    ['a trust domain in place of a name', 'sales', 'entry 1: in API_KEYS it is no such key'],
    ['a key that may not send tickets', 'desk', 'entry 1: in API_KEYS it has the role agent, which sends no tickets'],
    ['a secret in place of a name', '0123456789abcdef', 'entry 1: in API_KEYS it is no such key'],
  ])('%s vouches for no requester', (_what, STORM_VOUCHED_KEYS, message) => {
    const env = { API_KEYS: `${KEYS},desk:agent:fedcba9876543210`, API_KEY_DOMAINS: 'shop=sales', STORM_VOUCHED_KEYS };
    expect(issuesOf(env)).toEqual([{ path: 'STORM_VOUCHED_KEYS', message }]);
  });

  it('keys that vouch are those of a gateway; a worker, and channels, need none', () => {
    const vouched = { STORM_VOUCHED_KEYS: 'shop,boss', STORM_VOUCHED_CHANNELS: 'email' };
    expect(issuesOf({ ...vouched, API_KEYS: `${KEYS},boss:operator:fedcba9876543210` })).toEqual([]);
    expect(issuesOf(vouched).map(({ path }) => path)).toEqual(['STORM_VOUCHED_KEYS']);
    expect(issuesOf({ STORM_VOUCHED_CHANNELS: 'email' })).toEqual([]);
    // Sources of webhooks are known by a file that is not read yet.
    expect(issuesOf({ STORM_VOUCHED_KEYS: 'hooks.desk' })).toEqual([]);
    for (const API_KEYS of ['', 'metrics:operator:fedcba9876543210']) {
      expect(loadConfig({ ...vouched, API_KEYS }, { process: 'worker' }).vouched.keys).toEqual(['shop', 'boss']);
    }
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
  ])('%s, which others can reach, is refused without keys', (HOST) => {
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
