/** A version of redis-server. */
export interface RedisVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** The oldest server that the Redis broker runs on. */
export const OLDEST: RedisVersion = { major: 6, minor: 2, patch: 0 };

/** Finds the version in the output of `redis-server --version`, such as `Redis server v=7.0.15 sha=00000000:0 ...`. */
export function parseRedisVersion(output: string): RedisVersion | undefined {
  const [, major, minor, patch] = /\bv=(\d+)\.(\d+)\.(\d+)/.exec(output) ?? [];
  return patch === undefined ? undefined : { major: Number(major), minor: Number(minor), patch: Number(patch) };
}

/** Whether the broker runs on a version. */
export function isRecentEnough({ major, minor, patch }: RedisVersion): boolean {
  const difference = major - OLDEST.major || minor - OLDEST.minor || patch - OLDEST.patch;
  return difference >= 0;
}

/** Formats a version: `7.0.15`. */
export function versionText({ major, minor, patch }: RedisVersion): string {
  return `${major}.${minor}.${patch}`;
}
