import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { NetworkTask } from '../thread-protocol';
import type { EncodedText } from '../tokens/model-tokenizer';
import { normalised, pool } from './vector';

/** Names of a text's vector, the best first: a pooled one, else one a token. */
const EMBEDDING_OUTPUTS = ['sentence_embedding', 'last_hidden_state'];

/** The inputs of text models. Only `input_ids` must be there. */
const TEXT_INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'];

/**
 * One thread a session, because calls in flight on one session do not run in parallel; logs off, because errors are thrown as well.
 * Arena and memory pattern stay on: texts of all lengths reuse one heap.
 */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
};

/** The network's file is not what the task needs; the message is a sentence that names the file. */
export class UnfitNetworkError extends Error {}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const listed = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : 'none');

/** A loaded ONNX network that reads one text per run: batches with padding would make a vector depend on its neighbours. */
export class Network {
  private constructor(
    private readonly session: InferenceSession,
    private readonly output: string,
    private readonly task: NetworkTask,
  ) {}

  /**
   * Loads a network and checks its inputs and outputs against the task.
   * @throws UnfitNetworkError
   */
  static async open(file: string, task: NetworkTask): Promise<Network> {
    let session: InferenceSession;
    try {
      session = await InferenceSession.create(file, SESSION_OPTIONS);
    } catch (error) {
      throw new UnfitNetworkError(`${file} cannot be loaded; expected a whole ONNX file (${messageOf(error)}).`);
    }
    checkInputs(file, session);
    return new Network(session, chooseOutput(file, session, task), task);
  }

  /** Runs one text. @throws Error if the runtime refuses or the answer is not made of finite numbers */
  async run({ ids, typeIds }: EncodedText): Promise<Float32Array> {
    const shape = [1, ids.length];
    const values: Readonly<Record<string, () => BigInt64Array>> = {
      input_ids: () => BigInt64Array.from(ids, BigInt),
      attention_mask: () => new BigInt64Array(ids.length).fill(1n),
      token_type_ids: () => BigInt64Array.from(typeIds, BigInt),
    };
    const feeds: Record<string, Tensor> = {};
    for (const name of this.session.inputNames) {
      const value = values[name];
      if (value) feeds[name] = new Tensor('int64', value(), shape);
    }
    const { [this.output]: tensor } = await this.session.run(feeds, [this.output]);
    if (!(tensor?.data instanceof Float32Array)) throw new Error('The network gave no float32 numbers');
    if (this.task.type === 'logits') return checkedLogits(tensor.data, this.task.outputs);
    const pooled = tensor.dims.length === 3 ? pool(tensor.data, ids.length, this.task.pooling) : tensor.data;
    return normalised(pooled);
  }
}

function checkedLogits(logits: Float32Array, outputs: number): Float32Array {
  if (logits.length !== outputs) throw new Error(`The network gave ${logits.length} logits for ${outputs} labels`);
  if (!logits.every(Number.isFinite)) throw new Error('The network gave a logit that is not a finite number');
  return logits;
}

function checkInputs(file: string, { inputNames, inputMetadata }: InferenceSession): void {
  if (!inputNames.includes('input_ids') || inputNames.some((name) => !TEXT_INPUTS.includes(name))) {
    throw new UnfitNetworkError(
      `${file} has the inputs ${listed(inputNames)}; expected input_ids and at most attention_mask and token_type_ids.`,
    );
  }
  const other = inputMetadata.find((input) => !input.isTensor || input.type !== 'int64');
  if (other) throw new UnfitNetworkError(`${file} has the input ${other.name} of another type; expected int64.`);
}

function chooseOutput(file: string, { outputNames, outputMetadata }: InferenceSession, task: NetworkTask): string {
  const wanted = task.type === 'logits' ? ['logits'] : EMBEDDING_OUTPUTS;
  const output = wanted.find((name) => outputNames.includes(name));
  if (output === undefined) {
    throw new UnfitNetworkError(`${file} has the outputs ${listed(outputNames)}; expected ${wanted.join(' or ')}.`);
  }
  const metadata = outputMetadata.find(({ name }) => name === output);
  if (!metadata?.isTensor || metadata.type !== 'float32') {
    throw new UnfitNetworkError(`${file} has the output ${output} of another type; expected float32.`);
  }
  const ranks = output === 'last_hidden_state' ? [3] : [2, 3];
  if (metadata.shape.length > 0 && !ranks.includes(metadata.shape.length)) {
    throw new UnfitNetworkError(
      `${file} has the output ${output} with ${metadata.shape.length} dimensions; expected ${ranks.join(' or ')}.`,
    );
  }
  const width = metadata.shape.at(-1);
  if (task.type === 'logits' && typeof width === 'number' && width !== task.outputs) {
    throw new UnfitNetworkError(`${file} gives ${width} logits; config.json expected ${task.outputs}, one a label.`);
  }
  return output;
}
