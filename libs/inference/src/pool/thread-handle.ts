import { Worker } from 'node:worker_threads';
import { SmartSupportError } from '@smart-support/contracts';
import { invalidModel } from '../directory/json-file';
import { NativeGate } from '../shared-memory/native-gate';
import type { RehearsedFault } from '../running-model';
import type { FromThread, Question, ThreadSettings, ToThread } from '../thread-protocol';
import { Claim } from '../shared-memory/claim';
import { FaultSignal } from '../shared-memory/fault-signal';
import { disableNativeTelemetry } from './native-telemetry';

/** Where a thread comes from. */
export interface ThreadSource {
  /** Path of the compiled `thread.js`. */
  readonly threadFile: string;
  readonly settings: Omit<ThreadSettings, 'gate' | 'bell'>;
}

/** What the owner of a thread is told. */
export interface ThreadListener {
  /** Loaded and warm. */
  ready(width: number): void;
  /** The end of the oldest run in flight. */
  finished(outcome: Extract<FromThread, { type: 'answer' | 'failed' }>): void;
  /** The thread has ended, whatever the reason; `error` says why if it was not told to. */
  gone(error: unknown): void;
}

/** Most memory for the JavaScript of one thread, in MiB: a tokenizer gone wild ends its thread, not the machine. The network is not in it. */
const HEAP_MB = 1024;

/** One inference thread as its owner sees it. */
export class ThreadHandle {
  private readonly worker: Worker;
  private readonly gate: NativeGate;
  private readonly bell = new FaultSignal();
  private error: unknown;
  private held = true;

  constructor({ threadFile, settings }: ThreadSource, listener: ThreadListener) {
    disableNativeTelemetry();
    const gate = NativeGate.memory();
    this.gate = new NativeGate(gate);
    this.worker = new Worker(threadFile, {
      workerData: { ...settings, gate, bell: this.bell.shared } satisfies ThreadSettings,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      // The process's own flags, such as `--input-type`, may not fit a file.
      execArgv: [],
    });
    this.worker.on('message', (message: FromThread) => {
      if (message.type === 'ready') listener.ready(message.width);
      else if (message.type === 'unfit') this.error = invalidModel(message.sentence);
      else listener.finished(message);
    });
    this.worker.on('error', (error) => {
      this.error = new SmartSupportError('internal', `An inference thread died: ${error.message}`, { cause: error });
    });
    this.worker.on('exit', (code) => {
      listener.gone(this.error ?? new SmartSupportError('internal', `An inference thread ended with code ${code}`));
    });
  }

  /** Hands over a question; only when all before are finished. */
  run(question: Question): void {
    this.send({ type: 'run', question });
  }

  /** Hands over a question to be run after the ones in flight. Whoever lays the claim, before the thread does, takes it back. */
  runNext(question: Question): Claim {
    const claim = new Claim();
    this.send({ type: 'run', question, claim: claim.shared });
    return claim;
  }

  /** Sets the fault for all runs to come. */
  rehearse(fault: RehearsedFault | null): void {
    this.send({ type: 'rehearse', fault });
  }

  /** Asks the thread to end once it is outside of a run. */
  leave(): void {
    this.send({ type: 'leave' });
  }

  /** Ends a thread that hangs: at once where that is safe, else as soon as it comes back from the network. */
  abandon(): void {
    this.leave();
    if (this.gate.condemn()) void this.worker.terminate();
    // A process that ends while the thread is inside the network would be aborted: it waits.
    else this.hold(true);
  }

  /** Ends a rehearsed delay that the thread stands still in. Only for one that was given up. */
  endDelay(): void {
    this.bell.ring();
  }

  /** Whether the thread keeps the process alive. */
  hold(alive: boolean): void {
    if (alive === this.held) return;
    this.held = alive;
    if (alive) this.worker.ref();
    else this.worker.unref();
  }

  private send(message: ToThread): void {
    this.worker.postMessage(message);
  }
}
