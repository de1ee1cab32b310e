import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** The input ends with the tool, however that ends: then the script kills the process. */
const SCRIPT = `
trap '' HUP INT TERM
read -r line
kill -KILL "$1"
`;

/** Sees to it that a process does not outlive the tool, even if that is killed and can clean up nothing. */
export class ProcessReaper {
  private readonly child: ChildProcess;

  /** @param pid - the process to kill */
  constructor(pid: number) {
    this.child = spawn('sh', ['-c', SCRIPT, 'sh', String(pid)], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.child.once('error', () => undefined);
    this.child.stdin?.on('error', () => undefined);
    this.child.unref();
  }

  /** Ends the helper once the process has ended: the system may give its id to another one. */
  async close(): Promise<void> {
    // Keeps the tool alive until the helper has ended.
    this.child.ref();
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }

  /** Closes its input, as the end of the tool does. */
  closeInput(): void {
    this.child.stdin?.end();
  }
}
