import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** What a thread of the bound is born with. */
export interface BoundSettings {
  /** The ONNX file. */
  readonly file: string;
  readonly tokens: readonly (readonly number[])[];
  /** Shared by all threads: the number of the next text. */
  readonly next: SharedArrayBuffer;
}

/** `pass`: take texts until there are none left. `leave`: end. */
export type ToBoundThread = 'pass' | 'leave';

/** Nothing but onnxruntime: inputs are made beforehand, threads draw the next text from a shared counter, answers stay where they are. */
async function serve({ file, tokens, next }: BoundSettings): Promise<void> {
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
  });
  const counter = new Int32Array(next);
  const inputs = tokens.map((ids) => {
    const shape = [1, ids.length];
    return {
      input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
      attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
      token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), shape),
    };
  });
  const pass = async (): Promise<void> => {
    for (let input = inputs[Atomics.add(counter, 0, 1)]; input; input = inputs[Atomics.add(counter, 0, 1)])
      await session.run(input);
    parentPort?.postMessage('done');
  };
  parentPort?.on('message', (message: ToBoundThread) => {
    // Never terminated from outside: in the middle of a run that would abort the whole process.
    if (message === 'leave') parentPort?.close();
    else void pass();
  });
  parentPort?.postMessage('ready');
}

if (parentPort) void serve(workerData as BoundSettings);
