import { isSmartSupportError } from './errors';
import { parseRedisUrl } from './redis-url';

const open = { username: undefined, password: undefined, tls: false };

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
});
