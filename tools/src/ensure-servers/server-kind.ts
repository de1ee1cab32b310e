import type { Version } from './version';

/** A server that tests and tools start. */
export interface ServerKind {
  /** Its program, of which `--version` prints its version. */
  readonly program: string;
  /** What the version stands behind in that output, as a pattern of three numbers. */
  readonly version: RegExp;
  /** The oldest one that does. */
  readonly oldest: Version;
  /** Its package in Debian and Ubuntu. */
  readonly aptPackage: string;
  /** What to install elsewhere. */
  readonly advice: string;
  /** What needs it. */
  readonly purpose: string;
}

/** The oldest version is what the Redis broker runs on. */
export const REDIS: ServerKind = {
  program: 'redis-server',
  version: /\bv=(\d+)\.(\d+)\.(\d+)/,
  oldest: { major: 6, minor: 2, patch: 0 },
  aptPackage: 'redis-server',
  advice:
    'install Redis 6.2 or later (Debian, Ubuntu: apt-get install redis-server; Fedora: dnf install redis; macOS: brew install redis).',
  purpose: 'the tests that need a real Redis',
};

/** Any version whose configuration is known. */
export const IMAP: ServerKind = {
  program: 'dovecot',
  version: /^(\d+)\.(\d+)\.(\d+)/,
  oldest: { major: 2, minor: 3, patch: 0 },
  aptPackage: 'dovecot-imapd',
  advice:
    'install Dovecot 2.3 or later with its IMAP server (Debian, Ubuntu: apt-get install dovecot-imapd; Fedora: dnf install dovecot; macOS: brew install dovecot).',
  purpose: 'the tests that need a real IMAP server',
};

/** Finds the version in the output of `--version`. */
export function parseVersion({ version }: ServerKind, output: string): Version | undefined {
  const [, major, minor, patch] = version.exec(output) ?? [];
  return patch === undefined ? undefined : { major: Number(major), minor: Number(minor), patch: Number(patch) };
}
