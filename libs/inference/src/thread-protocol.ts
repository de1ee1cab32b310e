import type { Pooling } from './directory/pooling';
import type { InjectedFault } from './running-model';

/** One text, for zero-shot classification with the hypothesis of one label. */
export interface Question {
  readonly text: string;
  readonly hypothesis?: string;
}

/** What a thread answers. */
export interface Answer {
  /** The text's vector, or the logits of a classifier. */
  readonly values: Float32Array;
  readonly tokens: number;
  readonly unknown_tokens: number;
  readonly truncated: boolean;
  /** Milliseconds. */
  readonly tokenise_ms: number;
  /** Milliseconds. */
  readonly inference_ms: number;
}

/** What a thread is to do with the network's output. */
export type NetworkTask =
  | { readonly type: 'embedding'; readonly pooling: Pooling }
  /** `outputs`: how many logits there must be; `pairs`: whether every question has a hypothesis. */
  | { readonly type: 'logits'; readonly outputs: number; readonly pairs: boolean };

/** What a thread starts with. */
export interface ThreadSettings {
  readonly directory: string;
  /** Path inside the directory. */
  readonly onnxFile: string;
  /** SHA-256 of the files to load: a thread that takes another's place must not load something else. */
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly maxTokens: number;
  readonly task: NetworkTask;
  /** Shared memory of the `NativeGate`. */
  readonly gate: SharedArrayBuffer;
  /** Shared memory of the `FaultSignal`. */
  readonly faultSignal: SharedArrayBuffer;
}

/** A question for a thread. One that arrives during a run can be reclaimed, by the shared memory of a `Claim`. */
export interface RunMessage {
  readonly type: 'run';
  readonly question: Question;
  readonly claim?: SharedArrayBuffer;
}

/** Messages to a thread. */
export type ToThread =
  RunMessage | { readonly type: 'inject_fault'; readonly fault: InjectedFault | null } | { readonly type: 'exit' };

/** Messages of a thread. */
export type FromThread =
  /** Loaded and warm; `width` is how many values an answer has. */
  | { readonly type: 'ready'; readonly width: number }
  /** The files do not make a model for this task; the thread ends. */
  | { readonly type: 'unfit'; readonly sentence: string }
  | { readonly type: 'answer'; readonly answer: Answer }
  /** No answer, but the thread can go on. */
  | { readonly type: 'failed'; readonly code: 'model_failed' | 'invalid_input'; readonly sentence: string };
