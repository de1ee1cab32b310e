import type { ServerKind } from './server-kind';
import { type Version, isAtLeast, versionText } from './version';

/** Facts about the machine. */
export interface Findings {
  /** Of the server on the PATH; undefined when there is none that runs. */
  readonly found: Version | undefined;
  /** Number of the user, 0 for root; undefined on systems without user numbers. */
  readonly uid: number | undefined;
  /** Whether there is an `apt-get`, as on Debian and Ubuntu. */
  readonly apt: boolean;
}

/** What to do. */
export type Decision =
  | { readonly kind: 'ready'; readonly version: Version }
  | { readonly kind: 'install' }
  | { readonly kind: 'refuse'; readonly reason: string };

/** Uses a recent server, installs one where that needs no password, and otherwise explains in one line what to install. */
export function decide(server: ServerKind, { found, uid, apt }: Findings): Decision {
  if (found && isAtLeast(server.oldest, found)) return { kind: 'ready', version: found };
  if (uid === 0 && apt) return { kind: 'install' };
  return { kind: 'refuse', reason: explainLack(server, found) };
}

/** Explains in one line what is missing and what to install. */
export function explainLack({ program, advice }: ServerKind, found: Version | undefined): string {
  const lack = found ? `${program} ${versionText(found)} is too old` : `There is no ${program} on the PATH`;
  return `${lack}: ${advice}`;
}
