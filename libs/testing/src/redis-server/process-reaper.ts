import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * Reads the process id of the server from each line; an empty line means that none runs. The input ends with the program that started it, however that
 * ends: then the script kills the server and removes the directory.
 */
const SCRIPT = `
trap '' HUP INT TERM
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then kill -KILL "$pid"; fi
rm -rf -- "$1"
`;

/**
 * A helper process that kills the server and removes its directory when the test process dies. A handler inside the test process does not suffice:
 * none runs after SIGKILL, and Jest hides the end of the process from its tests.
 */
export class ProcessReaper {
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private readonly input: Writable;

  /** @param directory - removed at the end */
  constructor(directory: string) {
    // In a process group of its own: Ctrl+C at the terminal must not end it first.
    const child = spawn('sh', ['-c', SCRIPT, 'sh', directory], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.ended = new Promise((resolve) => {
      child.once('close', () => resolve());
      child.once('error', () => resolve());
    });
    child.stdin.on('error', () => undefined);
    child.unref();
    this.child = child;
    this.input = child.stdin;
    unrefPipe(child.stdin);
  }

  /** Sets the process to kill, or below zero its group. */
  setProcess(pid: number): void {
    this.input.write(`${pid}\n`);
  }

  /** Clears the process to kill: the system may give its id to another one. */
  clearProcess(): void {
    this.input.write('\n');
  }

  /** Ends the helper, which removes the directory first. */
  async close(): Promise<void> {
    this.child.ref();
    this.input.end('\n');
    await this.ended;
  }
}

/** The pipe must not keep the test process alive. It is a socket, which the types of Node.js do not declare. */
function unrefPipe(pipe: Writable): void {
  if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
}
