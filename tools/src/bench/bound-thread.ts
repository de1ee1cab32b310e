import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Worker data of a thread. */
export interface BoundSettings {
  /** The ONNX file. */
  readonly file: string;
  readonly tokens: readonly (readonly number[])[];
  /** Shared by all threads: the number of the next text. */
  readonly next: SharedArrayBuffer;
}

/** `pass`: run texts until none is left. `close`: end. */
export type ToBoundThread = 'pass' | 'close';

/** Only onnxruntime: inputs are prepared, threads take the next text from a shared counter, and answers are dropped. */
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
    // Not terminated from outside: in the middle of a run that aborts the whole process.
    if (message === 'close') parentPort?.close();
    else void pass();
  });
  parentPort?.postMessage('ready');
}

if (parentPort) void serve(workerData as BoundSettings);
