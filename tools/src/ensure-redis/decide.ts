import { OLDEST, type RedisVersion, isRecentEnough, versionText } from './redis-version';

/** Facts about the machine. */
export interface Findings {
  /** Of the redis-server on the PATH; undefined when there is none that runs. */
  readonly found: RedisVersion | undefined;
  /** Number of the user, 0 for root; undefined on systems without user numbers. */
  readonly uid: number | undefined;
  /** Whether there is an `apt-get`, as on Debian and Ubuntu. */
  readonly apt: boolean;
}

/** What to do. */
export type Decision =
  | { readonly kind: 'ready'; readonly version: RedisVersion }
  | { readonly kind: 'install' }
  | { readonly kind: 'refuse'; readonly reason: string };

const ADVICE =
  `install Redis ${OLDEST.major}.${OLDEST.minor} or later ` +
  '(Debian, Ubuntu: apt-get install redis-server; Fedora: dnf install redis; macOS: brew install redis).';

/** Uses a recent server, installs one where that needs no password, and otherwise explains in one line what to install. */
export function decide({ found, uid, apt }: Findings): Decision {
  if (found && isRecentEnough(found)) return { kind: 'ready', version: found };
  if (uid === 0 && apt) return { kind: 'install' };
  return { kind: 'refuse', reason: explainLack(found) };
}

/** Explains in one line what is missing and what to install. */
export function explainLack(found: RedisVersion | undefined): string {
  const lack = found ? `redis-server ${versionText(found)} is too old` : 'There is no redis-server on the PATH';
  return `${lack}: ${ADVICE}`;
}
