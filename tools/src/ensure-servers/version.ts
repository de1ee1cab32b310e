/** A version of a server. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** Whether a version is this one or a later one. */
export function isAtLeast(oldest: Version, { major, minor, patch }: Version): boolean {
  const difference = major - oldest.major || minor - oldest.minor || patch - oldest.patch;
  return difference >= 0;
}

/** Formats a version: `7.0.15`. */
export function versionText({ major, minor, patch }: Version): string {
  return `${major}.${minor}.${patch}`;
}
