/** A version as `redis-server --version` says it. */
export interface RedisVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** The oldest server that the Redis broker runs on. */
export const OLDEST: RedisVersion = { major: 6, minor: 2, patch: 0 };

/** Finds the version in what `redis-server --version` writes, such as `Redis server v=7.0.15 sha=00000000:0 ...`. */
export function parseRedisVersion(output: string): RedisVersion | undefined {
  const [, major, minor, patch] = /\bv=(\d+)\.(\d+)\.(\d+)/.exec(output) ?? [];
  return patch === undefined ? undefined : { major: Number(major), minor: Number(minor), patch: Number(patch) };
}

/** Whether the broker runs on it. */
export function isRecentEnough({ major, minor, patch }: RedisVersion): boolean {
  const difference = major - OLDEST.major || minor - OLDEST.minor || patch - OLDEST.patch;
  return difference >= 0;
}

/** Writes a version the usual way. */
export function versionText({ major, minor, patch }: RedisVersion): string {
  return `${major}.${minor}.${patch}`;
}
