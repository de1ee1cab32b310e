import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

type Answer<Value> = { readonly value: Value } | { readonly error: string };

/** A script of the bench in a process of its own, which answers one request after the other. */
export class MeasuredProcess<Request extends object, Value> {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts a script that calls {@link serveRequests}. It gets nothing of the user's environment but the path, which could change the figures. */
  static start<Request extends object, Value>(
    script: string,
    env: Readonly<Record<string, string>> = {},
  ): MeasuredProcess<Request, Value> {
    return new MeasuredProcess(fork(script, { env: { PATH: process.env['PATH'], ...env } }));
  }

  /** The process's id, once it has one. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Sends a request and waits for its answer. @throws Error if the script fails or its process ends */
  ask(request: Request): Promise<Value> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('a measured process ended'));
      this.child.once('exit', ended);
      this.child.once('message', (answer: Answer<Value>) => {
        this.child.off('exit', ended);
        if ('error' in answer) reject(new Error(answer.error));
        else resolve(answer.value);
      });
      this.child.send(request);
    });
  }

  /** Disconnects the process and waits for its end. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    if (this.child.connected) this.child.disconnect();
    await gone;
  }
}

/** Answers the requests of a {@link MeasuredProcess} until it disconnects. */
export function serveRequests<Request, Value>(answer: (request: Request) => Promise<Value>): void {
  const send = (message: Answer<Value>): void => void process.send?.(message);
  process.on('message', (request: Request) => {
    answer(request).then(
      (value) => send({ value }),
      (error: unknown) => send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}
