import { isSmartSupportError } from '@smart-support/contracts';
import * as fc from 'fast-check';
import { loadConfig } from './load-config';
import type { Environment } from './read-settings';
import { SETTINGS } from './settings-table';

/** The issues of a refused environment; `undefined` if it was accepted. */
function issuesOf(env: Environment) {
  try {
    loadConfig({ WEBHOOK_URL: 'https://example.org', ...env });
    return undefined;
  } catch (error) {
    if (!isSmartSupportError(error, 'invalid_config')) throw error;
    expect(error.cause).toBeUndefined();
    return error.issues;
  }
}

const wrong = (name: string, value: string) => issuesOf({ [name]: value })?.map(({ path }) => path);
const base64 = (bytes: number, fill = 0xfb) => Buffer.alloc(bytes, fill).toString('base64');

it('the settings that may hold a password, a token or a key are secrets', () => {
  expect(SETTINGS.filter(({ secret }) => secret).map(({ name }) => name)).toEqual([
    'API_KEYS',
    'MAILBOX_PASSWORD',
    'MAILBOX_API_KEY',
    'REDIS_URL',
    'WEBHOOK_URL',
    'WEBHOOK_SECRET',
  ]);
});

describe('REDIS_URL', () => {
  it.each([
    'redis://localhost',
    'redis://localhost:6379',
    'redis://127.0.0.1/',
    'redis://[::1]:6379/15',
    'rediss://user:p%40ss%2Fword@redis.example.org:6380/0',
    'redis://:only-a-password@redis_1',
    'redis+unix:///run/redis.sock',
    'redis+unix://user:p%40ss@/run/redis.sock?db=3',
    '/run/redis/redis.sock',
    'redis-sentinel://s1:26379,s2,[::1]:26381/mymaster',
    'rediss-sentinel://user:pass@s1,s2/my.master-1/2?sentinelUsername=watch&sentinelPassword=p%26q',
    'redis-cluster://n1:7000,n2:7001',
    'rediss-cluster://user:pass@n1/',
  ])('takes %s as it is', (url) => {
    expect(loadConfig({ REDIS_URL: url }).redis.url).toBe(url);
  });

  it.each([
    ['another protocol', 'http://localhost'],
    ['no protocol', 'localhost:6379'],
    ['capitals, which clients may take for a connection without TLS', 'REDISS://localhost'],
    ['no host', 'redis://'],
    ['no host but a database', 'redis:///1'],
    ['a port but no host', 'redis://:6379'],
    ['a port out of range', 'redis://localhost:65536'],
    ['a database that is no number', 'redis://localhost/tickets'],
    ['white space that a parser would drop', 'redis://local\nhost'],
    ['white space in front', ' redis://localhost'],
    ['a slash in the password', 'redis://:pa/ss@localhost'],
    ['a hash in the password, which cuts the address short', 'redis://user:12#34@localhost'],
    ['a question mark in the password, which does the same', 'redis://user:12?34@localhost'],
    ['options that would overrule ours', 'redis://localhost?enableOfflineQueue=true'],
    ['a password that cannot be decoded', 'redis://:%zz@localhost'],
    ['several servers, but neither sentinels nor a cluster', 'redis://a:6379,b:6379'],
    ['sentinels but no master', 'redis-sentinel://s1,s2'],
    ['sentinels and a master whose name is none', 'redis-sentinel://s1/my%20master'],
    ['a sentinel’s database that is no number', 'redis-sentinel://s1/mymaster/one'],
    ['an option of sentinels that is none of ours', 'redis-sentinel://s1/mymaster?role=slave'],
    ['a sentinel without a host', 'redis-sentinel://s1,,s2/mymaster'],
    ['a cluster with a database', 'redis-cluster://n1/1'],
    ['a cluster without a node', 'redis-cluster://'],
    ['a Unix socket on a host', 'redis+unix://localhost/run/redis.sock'],
    ['a Unix socket without a path', 'redis+unix://'],
    ['an option of a Unix socket that is none of ours', 'redis+unix:///run/redis.sock?path=/other'],
    ['a relative path', 'run/redis.sock'],
    ['a user without a password', 'redis://user@localhost'],
    ['a % that encodes nothing', 'redis-cluster://user:%zz@n1'],
    ['endless length', `redis://${'a'.repeat(5000)}`],
  ])('does not take an address with %s', (_, url) => {
    expect(wrong('REDIS_URL', url)).toEqual(['REDIS_URL']);
  });
});

describe('WEBHOOK_URL', () => {
  it.each([
    'http://localhost:9000',
    'https://example.org/services/T0/B0/token?x=1',
    'https://user:pass@example.org/',
    'HTTPS://[::1]/hook',
  ])('takes %s as it is', (url) => {
    expect(loadConfig({ WEBHOOK_URL: url }).webhooks.url).toBe(url);
  });

  it.each([
    ['another protocol', 'ftp://example.org'],
    ['a script', 'javascript://example.org'],
    ['no protocol', 'example.org/hook'],
    ['a missing slash', 'https:/example.org'],
    ['no host', 'https:///hook'],
    ['a port out of range', 'https://example.org:99999'],
    ['white space', 'https://example.org/my hook'],
    ['letters that no header can carry', 'https://exämple.org'],
  ])('does not take an address with %s', (_, url) => {
    expect(wrong('WEBHOOK_URL', url)).toEqual(['WEBHOOK_URL']);
  });
});

describe('WEBHOOK_SECRET', () => {
  it('takes base64 of 24 to 64 bytes, with or without its prefix, as it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), fc.constantFrom('', 'whsec_'), (bytes, prefix) => {
        const secret = prefix + Buffer.from(bytes).toString('base64');
        const config = loadConfig({ WEBHOOK_URL: 'https://example.org', WEBHOOK_SECRET: secret });
        expect(config.webhooks.secret).toBe(secret);
      }),
    );
  });

  it.each([
    ['23 bytes', base64(23)],
    ['65 bytes', base64(65)],
    ['no bytes behind the prefix', 'whsec_'],
    ['the prefix twice', `whsec_whsec_${base64(24)}`],
    ['the prefix in capitals', `WHSEC_${base64(24)}`],
    ['the alphabet of addresses', base64(24).replaceAll('+', '-').replaceAll('/', '_')],
    ['its padding left out', base64(25).replaceAll('=', '')],
    ['white space', `${base64(24)}\n`],
    ['bits that stand for nothing', `${base64(25).slice(0, -3)}v==`],
    ['plain words', 'correct horse battery staple, and then some more'],
  ])('does not take a secret with %s', (_, secret) => {
    expect(wrong('WEBHOOK_SECRET', secret)).toEqual(['WEBHOOK_SECRET']);
  });
});

it('any value of a secret setting is accepted, or refused in words that do not depend on it', () => {
  const name = fc.constantFrom('WEBHOOK_URL', 'WEBHOOK_SECRET');
  const start = fc.constantFrom('', 'redis://', 'rediss://u:', 'https://', 'whsec_', 'redis://[', 'https://%');
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.base64String());
  fc.assert(
    fc.property(name, start, text, (setting, first, rest) => {
      fc.pre(first + rest !== '');
      const issues = issuesOf({ [setting]: first + rest });
      if (issues) expect(issues).toEqual(issuesOf({ [setting]: 'wrong' }));
    }),
    { numRuns: 1000 },
  );
});

it('what is wrong with an address of Redis is named, without any part of its password', () => {
  const password = fc.stringMatching(/^[0-9a-f]{12}[/?#@:%,]?[0-9a-f]{12}$/);
  const scheme = fc.constantFrom('redis', 'rediss', 'redis+unix', 'redis-sentinel', 'rediss-cluster', 'http');
  const rest = fc.constantFrom(
    '',
    'h',
    'h:0',
    'h:99999',
    'h,h',
    'h/',
    'h/m',
    'h/m/x',
    'h/1',
    '/p?x=1',
    'h?sentinelPassword',
    ' ',
  );
  fc.assert(
    fc.property(scheme, password, rest, (first, secret, last) => {
      const [issue] = issuesOf({ REDIS_URL: `${first}://user:${secret}@${last}` }) ?? [];
      for (const part of secret.match(/[0-9a-f]{12}/g) ?? []) expect(issue?.message ?? '').not.toContain(part);
    }),
    { numRuns: 1000 },
  );
});

it.each([
  ['redis-sentinel://s1,s2', 'needs the name of the master behind the sentinels'],
  ['redis://a,b', 'redis-sentinel:// with a master’s name, or redis-cluster://'],
  ['redis-cluster://n1/1', 'a cluster has none but 0'],
  ['redis://:12?34@localhost', 'percent-encode a ? in a password (%3F)'],
  ['mysql://localhost', 'redis-sentinel://[user:password@]host'],
])('what is wrong with %s is in the error', (url, part) => {
  expect(issuesOf({ REDIS_URL: url })?.[0]?.message).toContain(part);
});
