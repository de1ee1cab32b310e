import { Worker } from 'node:worker_threads';
import { SmartSupportError } from '@smart-support/contracts';
import { invalidModel } from '../directory/json-file';
import { NativeGate } from '../shared-memory/native-gate';
import type { InjectedFault } from '../running-model';
import type { FromThread, Question, ThreadSettings, ToThread } from '../thread-protocol';
import { Claim } from '../shared-memory/claim';
import { FaultSignal } from '../shared-memory/fault-signal';
import { disableNativeTelemetry } from './native-telemetry';

/** Where a thread comes from. */
export interface ThreadSource {
  /** Path of the compiled `thread.js`. */
  readonly threadFile: string;
  readonly settings: Omit<ThreadSettings, 'gate' | 'faultSignal'>;
}

/** Receives the events of a thread. */
export interface ThreadListener {
  /** Loaded and warm. */
  ready(width: number): void;
  /** The end of the oldest run in flight. */
  finished(outcome: Extract<FromThread, { type: 'answer' | 'failed' }>): void;
  /** The thread has exited, for any reason; `error` says why unless an exit was requested. */
  gone(error: unknown): void;
}

/** Most memory for the JavaScript of one thread, in MiB: a tokenizer gone wild ends its thread, not the machine. The network is not in it. */
const HEAP_MB = 1024;

/** One inference thread as its owner sees it. */
export class ThreadHandle {
  private readonly worker: Worker;
  private readonly gate: NativeGate;
  private readonly faultSignal = new FaultSignal();
  private error: unknown;
  private isReferenced = true;

  constructor({ threadFile, settings }: ThreadSource, listener: ThreadListener) {
    disableNativeTelemetry();
    const gate = NativeGate.memory();
    this.gate = new NativeGate(gate);
    this.worker = new Worker(threadFile, {
      workerData: { ...settings, gate, faultSignal: this.faultSignal.shared } satisfies ThreadSettings,
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

  /** Sends a question; only when all before are finished. */
  runQuestion(question: Question): void {
    this.send({ type: 'run', question });
  }

  /** Sends a question to be run after the ones in flight. Acquiring the claim before the thread does reclaims it. */
  queueQuestion(question: Question): Claim {
    const claim = new Claim();
    this.send({ type: 'run', question, claim: claim.shared });
    return claim;
  }

  /** Sets the fault for all runs to come. */
  injectFault(fault: InjectedFault | null): void {
    this.send({ type: 'inject_fault', fault });
  }

  /** Asks the thread to end once it is outside of a run. */
  requestExit(): void {
    this.send({ type: 'exit' });
  }

  /** Ends a thread that hangs: at once where that is safe, else as soon as it comes back from the network. */
  abandon(): void {
    this.requestExit();
    if (this.gate.condemn()) void this.worker.terminate();
    // A process that ends while the thread is inside the network would be aborted: it waits.
    else this.keepProcessAlive(true);
  }

  /** Ends the injected delay that blocks the thread. Only for a thread that was given up. */
  endInjectedDelay(): void {
    this.faultSignal.interruptDelay();
  }

  /** Whether the thread keeps the process alive. */
  keepProcessAlive(alive: boolean): void {
    if (alive === this.isReferenced) return;
    this.isReferenced = alive;
    if (alive) this.worker.ref();
    else this.worker.unref();
  }

  private send(message: ToThread): void {
    this.worker.postMessage(message);
  }
}
