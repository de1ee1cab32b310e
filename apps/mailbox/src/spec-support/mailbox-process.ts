import { join } from 'node:path';
import { type AppProcess, startAppProcess } from '@smart-support/testing';

const MAIN = join(__dirname, '../../dist/main.js');

/** Starts the built mailbox as a process of its own, on a free port. */
export function startMailbox(env: Readonly<Record<string, string>>): AppProcess {
  return startAppProcess(MAIN, { MAILBOX_PORT: '0', ...env });
}
