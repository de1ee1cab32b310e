import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Keeps a process on one core, so that two that are compared share the machine with their server in the same way. Does nothing where
 * the system cannot (no `taskset`) or has one core only: then both run wherever the system likes.
 * @param core - from 0
 */
export function pinProcess(pid: number | undefined, core: number): void {
  if (pid === undefined || availableParallelism() < 2) return;
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], { stdio: 'ignore' });
}
