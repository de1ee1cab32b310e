import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Its input ends when the tool is gone, in whatever way: then it ends the process it watches. */
const SCRIPT = `
trap '' HUP INT TERM
read -r line
kill -KILL "$1"
`;

/** Sees to it that a process does not outlive the tool, even if that is killed and can clean up nothing. */
export class ProcessReaper {
  private readonly child: ChildProcess;

  /** @param pid - whom to watch */
  constructor(pid: number) {
    this.child = spawn('sh', ['-c', SCRIPT, 'sh', String(pid)], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.child.once('error', () => undefined);
    this.child.stdin?.on('error', () => undefined);
    this.child.unref();
  }

  /** Sends it home, because the process is gone and its number may soon belong to another. */
  async close(): Promise<void> {
    // Whoever waits for it must not end before, for want of anything else to do.
    this.child.ref();
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }

  /** Closes its input, as the end of the tool does. */
  closeInput(): void {
    this.child.stdin?.end();
  }
}
