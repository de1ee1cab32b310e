import { hasApt, installPackage } from './apt';
import { decide, explainLack } from './decide';
import { type Machine, findServer, thisMachine } from './machine';
import { IMAP, REDIS, type ServerKind } from './server-kind';
import { type Version, isAtLeast } from './version';

/** A server to run, or one line about the reason why there is none and what to do. */
export type ServerFound =
  | { readonly ready: true; readonly program: string; readonly version: Version }
  | { readonly ready: false; readonly reason: string };

/**
 * Ensures that there is a recent server of each kind on the PATH that tests need. For root on Debian or Ubuntu it installs what is missing; for other users it changes
 * nothing. It uses nothing but Node.js: `npm test` calls it before anything is built.
 * @param report - called before something slow begins
 */
export function ensureServers(report: (line: string) => void, machine?: Machine): readonly ServerFound[] {
  return [REDIS, IMAP].map((kind) => ensureServer(kind, report, machine));
}

/** The same for one kind. */
export function ensureServer(
  kind: ServerKind,
  report: (line: string) => void,
  machine: Machine = thisMachine(),
): ServerFound {
  const { program, aptPackage, purpose } = kind;
  const decision = decide(kind, { found: findServer(kind, machine), uid: machine.uid, apt: hasApt(machine) });
  if (decision.kind === 'ready') return { ready: true, program, version: decision.version };
  if (decision.kind === 'refuse') return { ready: false, reason: decision.reason };

  report(`Installing ${aptPackage} with apt-get, for ${purpose} ...`);
  const complaint = installPackage(aptPackage, machine);
  if (complaint !== undefined) return { ready: false, reason: `${aptPackage} could not be installed: ${complaint}` };
  const installed = findServer(kind, machine);
  if (installed && isAtLeast(kind.oldest, installed)) return { ready: true, program, version: installed };
  return { ready: false, reason: explainLack(kind, installed) };
}
