import fc from 'fast-check';
import { isSmartSupportError } from './errors';
import { parseRedisUrl } from './redis-url';

const open = { username: undefined, password: undefined, tls: false };

/** Percent-encoded, but for =, which needs no encoding. */
const encoded = (text: string): string => encodeURIComponent(text).replaceAll('%3D', '=');

/** Every form of an address, around a user with a password, and the same for sentinels. */
const FORMS: readonly ((access: string, atSentinels: string) => string)[] = [
  (access) => `redis://${access}@host/1`,
  (access) => `redis+unix://${access}@/run/redis.sock?db=1`,
  (access, atSentinels) => `redis-sentinel://${access}@a,b/main?${atSentinels}`,
  (access) => `redis-cluster://${access}@a,b`,
];

describe('the address of a Redis', () => {
  it('names one server, its port and its database', () => {
    expect(parseRedisUrl('redis://localhost')).toEqual({
      ...open,
      topology: 'single',
      node: { host: 'localhost', port: 6379 },
      database: 0,
    });
    expect(parseRedisUrl('rediss://user:p%40ss%3F@[::1]:6380/2')).toEqual({
      topology: 'single',
      node: { host: '::1', port: 6380 },
      database: 2,
      username: 'user',
      password: 'p@ss?',
      tls: true,
    });
  });

  it('names a Unix socket, as an address or as a path', () => {
    const socket = { ...open, topology: 'socket', path: '/run/my redis.sock', database: 0 };
    expect(parseRedisUrl('redis+unix:///run/my%20redis.sock')).toEqual(socket);
    expect(parseRedisUrl('/run/my%20redis.sock')).toEqual(socket);
    expect(parseRedisUrl('redis+unix://:pass@/run/redis.sock?db=3')).toEqual({
      ...socket,
      path: '/run/redis.sock',
      password: 'pass',
      database: 3,
    });
  });

  it('names sentinels, the master that they watch, and what each side asks for', () => {
    expect(parseRedisUrl('redis-sentinel://a,b:1,[::1]:2/mymaster')).toEqual({
      ...open,
      topology: 'sentinel',
      sentinels: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 1 },
        { host: '::1', port: 2 },
      ],
      masterName: 'mymaster',
      database: 0,
      sentinelUsername: undefined,
      sentinelPassword: undefined,
    });
    expect(
      parseRedisUrl('rediss-sentinel://user:pass@a/main/4?sentinelUsername=watch&sentinelPassword=p%3Dw'),
    ).toMatchObject({
      ...{ username: 'user', password: 'pass', tls: true, masterName: 'main', database: 4 },
      ...{ sentinelUsername: 'watch', sentinelPassword: 'p=w' },
    });
  });

  it('names nodes of a cluster', () => {
    expect(parseRedisUrl('redis-cluster://:pass@a:7000,b')).toEqual({
      ...open,
      topology: 'cluster',
      nodes: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 6379 },
      ],
      password: 'pass',
    });
  });

  it('that is none is refused in words that do not repeat it', () => {
    let refusal: unknown;
    try {
      parseRedisUrl('redis://user:secret-word@host/x');
    } catch (error) {
      refusal = error;
    }
    expect(isSmartSupportError(refusal, 'invalid_config')).toBe(true);
    expect((refusal as Error).message).toBe(
      'The address of the shared store has a database that is no whole number from 0 to 99999',
    );
  });

  it.each(['c2VjcmV0==', '=', '==a', 'a=b=c'])('keeps the password %s whole where its = is not encoded', (password) => {
    expect(parseRedisUrl(`redis-sentinel://:${password}@a/main?sentinelPassword=${password}`)).toMatchObject({
      password,
      sentinelPassword: password,
    });
  });

  it.each([
    'redis-sentinel://a/main?sentinelPassword=one&sentinelPassword=two',
    'redis-sentinel://a/main?sentinelUsername=one&sentinelPassword=two&sentinelUsername=one',
    'redis+unix:///run/redis.sock?db=1&db=2',
  ])('that says the same thing twice is refused: %s', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(/^The address of the shared store has the option \w+ twice$/);
  });

  it.each(['sentinelPassword', 'sentinelPassword=', '=secret', 'sentinelPassword=a&', 'sentinelPassword=a&b'])(
    'with an option that is not complete is refused: ?%s',
    (query) => {
      expect(() => parseRedisUrl(`redis-sentinel://a/main?${query}`)).toThrow(/takes no options behind \? but/);
    },
  );

  it('gives back every user and password that it was made of, in every form', () => {
    // No half of a surrogate pair, which has no percent-encoding.
    const word = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
      fc.base64String({ minLength: 1 }),
    );
    fc.assert(
      fc.property(word, word, fc.constantFrom(...FORMS), (user, secret, form) => {
        const [username, password] = [encoded(user), encoded(secret)];
        const target = parseRedisUrl(
          form(`${username}:${password}`, `sentinelUsername=${username}&sentinelPassword=${password}`),
        );
        const atSentinels = target.topology === 'sentinel' ? [target.sentinelUsername, target.sentinelPassword] : [];
        expect([target.username, target.password, ...atSentinels]).toEqual(
          atSentinels.length > 0 ? [user, secret, user, secret] : [user, secret],
        );
      }),
    );
  });
});
