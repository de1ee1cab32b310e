import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureServer, ensureServers } from './ensure-servers';
import { REDIS } from './server-kind';

const READY = { ready: true, program: 'redis-server', version: { major: 7, minor: 0, patch: 15 } };

describe('a machine that needs a redis-server', () => {
  let path: string;
  let reported: string[];
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'smart-support-path-'));
    reported = [];
  });
  afterEach(() => rmSync(path, { recursive: true }));

  /** Puts a program on the PATH, which has no others. */
  const program = (name: string, ...lines: readonly string[]): void => {
    writeFileSync(join(path, name), ['#!/bin/sh', ...lines, ''].join('\n'));
    chmodSync(join(path, name), 0o755);
  };
  const redis = (version: string) => program('redis-server', `echo 'Redis server v=${version} sha=00000000:0'`);
  /** An apt-get that records its calls, and installs a server of that version. */
  const apt = (version: string, ...beforeInstalling: readonly string[]) => {
    program(
      'apt-get',
      '[ "$1" = --version ] && exit 0',
      `echo "$DEBIAN_FRONTEND $RUNLEVEL $*" >>'${path}/calls'`,
      ...beforeInstalling,
      '[ "$1" = install ] || exit 0',
      `echo '#!/bin/sh' >'${path}/redis-server'`,
      `echo "echo 'Redis server v=${version} sha=00000000:0'" >>'${path}/redis-server'`,
      `/bin/chmod 755 '${path}/redis-server'`,
    );
  };
  const calls = (): readonly string[] =>
    existsSync(join(path, 'calls')) ? readFileSync(join(path, 'calls'), 'utf8').trim().split('\n') : [];
  const ensure = (uid?: number) =>
    ensureServer(REDIS, (line) => reported.push(line), { environment: { PATH: path }, uid });

  it('is not changed when it has a recent one', () => {
    redis('7.0.15');
    apt('7.0.15');
    expect(ensure(0)).toEqual(READY);
    expect([calls(), reported]).toEqual([[], []]);
  });

  it.each([undefined, '6.0.16'])('gets one without questions and without a service started (found: %s)', (found) => {
    if (found !== undefined) redis(found);
    apt('7.0.15');
    expect(ensure(0)).toEqual(READY);
    expect(calls()).toEqual([
      expect.stringMatching(/^noninteractive 1 install --yes --no-install-recommends .*redis-server$/u),
    ]);
    expect(reported).toEqual([expect.stringContaining('Installing redis-server')]);
  });

  it('gets one after an update when its package lists are empty', () => {
    apt('7.0.15', `[ "$1" = update ] && : >'${path}/updated'`, `[ -e '${path}/updated' ] || exit 100`);
    expect(ensure(0)).toEqual(READY);
    expect(calls().map((call) => call.split(' ')[2])).toEqual(['install', 'update', 'install']);
  });

  it('is not changed for other users than root', () => {
    apt('7.0.15');
    expect(ensure(1000)).toMatchObject({ ready: false, reason: expect.stringContaining('There is no redis-server') });
    expect(calls()).toEqual([]);
  });

  it('has no server when apt-get fails, and the reason is the first error', () => {
    apt('7.0.15', 'echo "W: never mind" >&2', 'echo "E: Unable to locate package redis-server" >&2', 'exit 100');
    expect(ensure(0)).toEqual({
      ready: false,
      reason: 'redis-server could not be installed: apt-get update: E: Unable to locate package redis-server',
    });
  });

  it('has no server when the one of its distribution is too old', () => {
    apt('5.0.3');
    expect(ensure(0)).toMatchObject({
      ready: false,
      reason: expect.stringMatching(/^redis-server 5\.0\.3 is too old/u),
    });
  });

  it('has no server when the one on the PATH does not run', () => {
    program('redis-server', 'echo "Redis server v=7.0.15"', 'exit 127');
    expect(ensure(0)).toMatchObject({ ready: false, reason: expect.stringContaining('There is no redis-server') });
  });

  it('needs a server of every kind, and says so of each', () => {
    redis('7.0.15');
    const found = ensureServers((line) => reported.push(line), { environment: { PATH: path }, uid: 1000 });
    expect(found).toEqual([READY, { ready: false, reason: expect.stringContaining('There is no dovecot') }]);
    program('dovecot', "echo '2.3.19.1 (9b53102964)'");
    expect(ensureServers(() => undefined, { environment: { PATH: path }, uid: 1000 })).toMatchObject([
      { ready: true },
      { ready: true, version: { major: 2, minor: 3, patch: 19 } },
    ]);
  });
});
