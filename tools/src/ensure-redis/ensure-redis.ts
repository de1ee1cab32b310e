import { hasApt, installRedis } from './apt';
import { decide, explainLack } from './decide';
import { type Machine, findRedis, thisMachine } from './machine';
import { type RedisVersion, isRecentEnough } from './redis-version';

/** A server to run, or one line that says why there is none and what to do. */
export type RedisFound =
  { readonly ready: true; readonly version: RedisVersion } | { readonly ready: false; readonly reason: string };

/**
 * Sees to it that there is a recent `redis-server` on the PATH. Root on Debian or Ubuntu gets one installed; no other user's
 * machine is touched. It uses nothing but Node.js: `npm test` calls it before anything is built.
 * @param say - told when something is about to take a while
 */
export function ensureRedis(say: (line: string) => void, machine: Machine = thisMachine()): RedisFound {
  const decision = decide({ found: findRedis(machine), uid: machine.uid, apt: hasApt(machine) });
  if (decision.kind === 'ready') return { ready: true, version: decision.version };
  if (decision.kind === 'refuse') return { ready: false, reason: decision.reason };

  say('Installing redis-server with apt-get, for the tests that need a real Redis ...');
  const complaint = installRedis(machine);
  if (complaint !== undefined) return { ready: false, reason: `redis-server could not be installed: ${complaint}` };
  const installed = findRedis(machine);
  if (installed && isRecentEnough(installed)) return { ready: true, version: installed };
  return { ready: false, reason: explainLack(installed) };
}
