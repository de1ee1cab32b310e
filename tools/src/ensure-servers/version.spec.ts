import fc from 'fast-check';
import { IMAP, REDIS, parseVersion } from './server-kind';
import { isAtLeast, versionText } from './version';

const parts = fc.record({ major: fc.nat(99), minor: fc.nat(99), patch: fc.nat(999) });

describe('the version of a server', () => {
  it.each([
    ['2.3.19.1 (9b53102964)', '2.3.19'],
    ['2.4.1-4 (7d8c0e5759)', '2.4.1'],
  ])('of dovecot is read from %j', (output, version) => {
    expect(versionText(parseVersion(IMAP, output)!)).toBe(version);
  });

  it.each([
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0', '7.0.15'],
    ['Redis server v=5.0.3 sha=00000000:0 malloc=jemalloc-5.1.0 bits=64 build=94145a25ca04923\n', '5.0.3'],
    ['Valkey server v=8.0.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1', '8.0.1'],
    ['Redis server v=255.255.255 sha=a4d2c9b1:1 malloc=libc bits=64 build=1', '255.255.255'],
  ])('is read from %j', (output, version) => {
    expect(versionText(parseVersion(REDIS, output)!)).toBe(version);
  });

  it.each(['', 'redis-server: error while loading shared libraries', 'Redis server version 2.4.5', 'v=7'])(
    'is not guessed from %j',
    (output) => {
      expect(parseVersion(REDIS, output)).toBeUndefined();
    },
  );

  it('is parsed from its format, at any numbers', () => {
    fc.assert(
      fc.property(parts, (version) => {
        expect(parseVersion(REDIS, `Redis server v=${versionText(version)} sha=0:0`)).toEqual(version);
      }),
    );
  });

  it.each([
    [{ major: 6, minor: 2, patch: 0 }, true],
    [{ major: 6, minor: 2, patch: 14 }, true],
    [{ major: 7, minor: 0, patch: 0 }, true],
    [{ major: 10, minor: 0, patch: 0 }, true],
    [{ major: 6, minor: 0, patch: 16 }, false],
    [{ major: 5, minor: 9, patch: 9 }, false],
  ])('%j is recent enough: %s', (version, recent) => {
    expect(isAtLeast(REDIS.oldest, version)).toBe(recent);
  });

  it('later than a recent one is recent', () => {
    const size = ({ major, minor, patch }: { major: number; minor: number; patch: number }) =>
      (major * 100 + minor) * 1000 + patch;
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const [older, newer] = size(one) <= size(other) ? [one, other] : [other, one];
        expect(isAtLeast(REDIS.oldest, newer) || !isAtLeast(REDIS.oldest, older)).toBe(true);
      }),
    );
  });
});
