import { spawnSync } from 'node:child_process';
import { type ServerKind, parseVersion } from './server-kind';
import type { Version } from './version';

/** The relevant part of the machine. */
export interface Machine {
  /** Environment of the called programs, with the PATH to find them. */
  readonly environment: NodeJS.ProcessEnv;
  /** Number of the user, 0 for root; undefined on systems without user numbers. */
  readonly uid: number | undefined;
}

/** The machine this program runs on. Debian has some servers in a directory that is on the PATH of root only. */
export function thisMachine(): Machine {
  return { environment: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` }, uid: process.getuid?.() };
}

/** The version of a server on the PATH; undefined when there is none that runs. */
export function findServer(kind: ServerKind, { environment }: Machine): Version | undefined {
  const { status, stdout } = spawnSync(kind.program, ['--version'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  return status === 0 ? parseVersion(kind, stdout) : undefined;
}
