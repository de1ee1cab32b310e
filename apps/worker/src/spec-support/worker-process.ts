import { join } from 'node:path';
import { type AppProcess, startAppProcess } from '@smart-support/testing';

const MAIN = join(__dirname, '../../dist/main.js');

/** The built worker as a process of its own, as an operator starts it. */
export type WorkerProcess = AppProcess;

/** Starts a worker on a free port, with one inference thread by default. */
export function startWorker(env: Readonly<Record<string, string>>): WorkerProcess {
  return startAppProcess(MAIN, { WORKER_PORT: '0', INFERENCE_THREADS: '1', ...env });
}

export { endAppProcesses as endAllWorkers } from '@smart-support/testing';
