import { hasApt, installRedis } from './apt';
import { decide, explainLack } from './decide';
import { type Machine, findRedis, thisMachine } from './machine';
import { type RedisVersion, isRecentEnough } from './redis-version';

/** A server to run, or one line about the reason why there is none and what to do. */
export type RedisFound =
  { readonly ready: true; readonly version: RedisVersion } | { readonly ready: false; readonly reason: string };

/**
 * Ensures that there is a recent `redis-server` on the PATH. For root on Debian or Ubuntu it installs one; for other users it changes
 * nothing. It uses nothing but Node.js: `npm test` calls it before anything is built.
 * @param report - called before something slow begins
 */
export function ensureRedis(report: (line: string) => void, machine: Machine = thisMachine()): RedisFound {
  const decision = decide({ found: findRedis(machine), uid: machine.uid, apt: hasApt(machine) });
  if (decision.kind === 'ready') return { ready: true, version: decision.version };
  if (decision.kind === 'refuse') return { ready: false, reason: decision.reason };

  report('Installing redis-server with apt-get, for the tests that need a real Redis ...');
  const complaint = installRedis(machine);
  if (complaint !== undefined) return { ready: false, reason: `redis-server could not be installed: ${complaint}` };
  const installed = findRedis(machine);
  if (installed && isRecentEnough(installed)) return { ready: true, version: installed };
  return { ready: false, reason: explainLack(installed) };
}
