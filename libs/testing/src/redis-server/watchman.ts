import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * Reads the process id of the server from each line, an empty one meaning that none runs. Its input ends when the program
 * that started it is gone, in whatever way: then it ends the server and takes the directory away.
 */
const SCRIPT = `
trap '' HUP INT TERM
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then kill -KILL "$pid"; fi
rm -rf -- "$1"
`;

/**
 * A small process that cleans up after a test process that dies. A handler inside the test process would not do: nothing
 * runs there after SIGKILL, and Jest gives its tests a `process` that never hears of its end.
 */
export class Watchman {
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private readonly input: Writable;

  /** @param directory - what to remove in the end */
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

  /** Says which process to end. */
  watch(pid: number): void {
    this.input.write(`${pid}\n`);
  }

  /** Says that no process is left to end: its number may soon belong to another. */
  rest(): void {
    this.input.write('\n');
  }

  /** Sends it home; it removes the directory on its way. */
  async dismiss(): Promise<void> {
    this.child.ref();
    this.input.end('\n');
    await this.ended;
  }
}

/** The pipe alone must not keep the test process alive. It is a socket, which the types of Node.js do not say. */
function unrefPipe(pipe: Writable): void {
  if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
}
