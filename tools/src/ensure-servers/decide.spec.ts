import { decide } from './decide';
import { IMAP, REDIS } from './server-kind';
import type { Version } from './version';

const recent: Version = { major: 7, minor: 0, patch: 15 };
const old: Version = { major: 6, minor: 0, patch: 16 };

describe('what to do for a redis-server', () => {
  it.each([
    { uid: 0, apt: true },
    { uid: 1000, apt: true },
    { uid: undefined, apt: false },
  ])('is nothing when a recent one is there (%j)', (machine) => {
    expect(decide(REDIS, { found: recent, ...machine })).toEqual({ kind: 'ready', version: recent });
  });

  it.each([undefined, old])('is to install one for root on Debian or Ubuntu (found: %j)', (found) => {
    expect(decide(REDIS, { found, uid: 0, apt: true })).toEqual({ kind: 'install' });
  });

  it.each([
    { uid: 1000, apt: true },
    { uid: undefined, apt: true },
    { uid: 0, apt: false },
    { uid: 501, apt: false },
  ])('is left to the user where it cannot be installed (%j), who reads in one line how', (machine) => {
    const decision = decide(REDIS, { found: undefined, ...machine });
    expect(decision).toEqual({
      kind: 'refuse',
      reason:
        'There is no redis-server on the PATH: install Redis 6.2 or later ' +
        '(Debian, Ubuntu: apt-get install redis-server; Fedora: dnf install redis; macOS: brew install redis).',
    });
  });

  it('names the version that is too old', () => {
    expect(decide(REDIS, { found: old, uid: 1000, apt: true })).toMatchObject({
      kind: 'refuse',
      reason: expect.stringMatching(/^redis-server 6\.0\.16 is too old: install Redis 6\.2 or later \(.*\)\.$/u),
    });
  });

  it('names what to install for every kind of server', () => {
    expect(decide(IMAP, { found: undefined, uid: 1000, apt: true })).toMatchObject({
      kind: 'refuse',
      reason: expect.stringMatching(/^There is no dovecot on the PATH: .*apt-get install dovecot-imapd/u),
    });
  });
});
