import { spawnSync } from 'node:child_process';
import type { Machine } from './machine';

/** For everything together: a package server that never answers must not block `npm test`. */
const PATIENCE_MINUTES = 4;

/**
 * RUNLEVEL: a package's script asks `invoke-rc.d` to start the server at once. In the single-user level it
 * does not. (A machine run by systemd starts it all the same, as it starts every service that root installs there.)
 * DEBIAN_FRONTEND: no questions.
 */
const SETTINGS = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
/** Another installation may be running, for example in a container that has just started. */
const WAIT_FOR_OTHERS = ['-o', 'DPkg::Lock::Timeout=60'];

/** Whether `apt-get` exists. */
export function hasApt(machine: Machine): boolean {
  return spawnSync('apt-get', ['--version'], { env: machine.environment, stdio: 'ignore' }).status === 0;
}

/**
 * Installs a package of the distribution. Fresh images know no packages before the first update, others need none.
 * @returns undefined on success, otherwise the first error of apt-get, in one line
 */
export function installPackage(name: string, machine: Machine): string | undefined {
  const install = ['install', '--yes', '--no-install-recommends', ...WAIT_FOR_OTHERS, name];
  const deadline = performance.now() + PATIENCE_MINUTES * 60_000;
  if (apt(machine, install, deadline) === undefined) return undefined;
  return apt(machine, ['update', ...WAIT_FOR_OTHERS], deadline) ?? apt(machine, install, deadline);
}

function apt(machine: Machine, args: readonly string[], deadline: number): string | undefined {
  const { status, stdout, stderr, error } = spawnSync('apt-get', args, {
    env: { ...machine.environment, ...SETTINGS },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    // Zero would mean forever.
    timeout: Math.max(1, Math.round(deadline - performance.now())),
  });
  if (status === 0) return undefined;
  return `apt-get ${args[0]}: ${error ? explainError(error) : firstComplaint(stderr, stdout)}`;
}

function explainError(error: NodeJS.ErrnoException): string {
  return error.code === 'ETIMEDOUT' ? `not done after ${PATIENCE_MINUTES} minutes` : error.message;
}

/** apt-get marks what it could not do with `E:`; the first is the cause of the others. */
function firstComplaint(stderr: string, stdout: string): string {
  const lines = `${stderr}\n${stdout}`.split('\n').map((line) => line.trim());
  return lines.find((line) => line.startsWith('E: ')) ?? lines.find((line) => line !== '') ?? 'it gave no reason';
}
