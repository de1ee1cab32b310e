/**
 * What runs in an inference thread: the pool starts the compiled file. Not part of the API.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { JsonObject } from './directory/json-file';
import { NativeGate } from './shared-memory/native-gate';
import { Network, UnfitNetworkError } from './network/network';
import { Claim } from './shared-memory/claim';
import { FaultSignal } from './shared-memory/fault-signal';
import type { InjectedFault } from './running-model';
import type { Answer, FromThread, Question, RunMessage, ThreadSettings, ToThread } from './thread-protocol';
import { ModelTokenizer, PairTooLongError } from './tokens/model-tokenizer';

const SHORT_TEXT = 'The server is down.';

function readObject(file: string): JsonObject {
  return JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
}

function readTokenizer({ directory, maxTokens, task }: ThreadSettings): ModelTokenizer {
  const file = path.join(directory, 'tokenizer.json');
  try {
    let config: JsonObject = {};
    try {
      config = readObject(path.join(directory, 'tokenizer_config.json'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    const tokenizer = new ModelTokenizer(readObject(file), config, maxTokens);
    if (task.type === 'logits' && task.pairs && !tokenizer.joinsTexts) throw new Error('it cannot join two texts');
    return tokenizer;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnfitNetworkError(`${file} cannot be used; expected the tokenizer of this model (${reason}).`);
  }
}

function checkUnchanged(directory: string, file: string, hash: string): void {
  const whole = path.join(directory, file);
  let found: string;
  try {
    found = createHash('sha256').update(readFileSync(whole)).digest('hex');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnfitNetworkError(
      `${whole} cannot be read; expected the file that the model was opened with (${reason}).`,
    );
  }
  if (found === hash) return;
  throw new UnfitNetworkError(
    `${whole} has changed since the model was opened; expected the file that was there then.`,
  );
}

class InferenceThread {
  private fault: InjectedFault | null = null;

  private constructor(
    private readonly tokenizer: ModelTokenizer,
    private readonly network: Network,
    private readonly gate: NativeGate,
    private readonly faultSignal: FaultSignal,
  ) {}

  static async open(settings: ThreadSettings): Promise<InferenceThread> {
    for (const [file, hash] of Object.entries(settings.fingerprints)) checkUnchanged(settings.directory, file, hash);
    const tokenizer = readTokenizer(settings);
    const network = await Network.open(path.join(settings.directory, settings.onnxFile), settings.task);
    const gate = new NativeGate(settings.gate);
    gate.leave();
    return new InferenceThread(tokenizer, network, gate, new FaultSignal(settings.faultSignal));
  }

  injectFault(fault: InjectedFault | null): void {
    this.fault = fault;
  }

  /** One short text and one as long as can be, so that the first real one finds memory and code warm. */
  async warmUp({ task, maxTokens, directory, onnxFile }: ThreadSettings): Promise<number> {
    const pair = task.type === 'logits' && task.pairs ? { hypothesis: SHORT_TEXT } : {};
    try {
      const { values } = await this.answerQuestion({ text: SHORT_TEXT, ...pair });
      await this.answerQuestion({ text: `${SHORT_TEXT} `.repeat(maxTokens), ...pair });
      return values.length;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const file = path.join(directory, onnxFile);
      throw new UnfitNetworkError(`${file} loads but cannot read a text; expected a model for this task (${reason}).`);
    }
  }

  async answerQuestion({ text, hypothesis }: Question): Promise<Answer> {
    const start = performance.now();
    const encoded = this.tokenizer.encode(text, hypothesis);
    const cut = performance.now();
    this.gate.enter();
    try {
      await this.applyFault();
      const values = await this.network.run(encoded);
      const tokenise_ms = cut - start;
      const inference_ms = performance.now() - cut;
      const { ids, unknown, truncated } = encoded;
      return { values, tokens: ids.length, unknown_tokens: unknown, truncated, tokenise_ms, inference_ms };
    } finally {
      this.gate.leave();
    }
  }

  private async applyFault(): Promise<void> {
    const { delayMs = 0, error } = this.fault ?? {};
    // Blocks like a native run, during which no message is read.
    if (delayMs > 0) this.faultSignal.blockThread(delayMs);
    if (error === 'fail') throw new Error('An injected failure');
    if (error === 'crash') {
      await new Promise(() => {
        setImmediate(() => {
          throw new Error('An injected crash');
        });
      });
    }
  }
}

async function answer(thread: InferenceThread, question: Question): Promise<FromThread> {
  try {
    return { type: 'answer', answer: await thread.answerQuestion(question) };
  } catch (error) {
    if (error instanceof PairTooLongError) {
      return { type: 'failed', code: 'invalid_input', sentence: 'The hypothesis is longer than the model reads' };
    }
    const reason = error instanceof Error ? error.message : String(error);
    return { type: 'failed', code: 'model_failed', sentence: `The model could not run a text: ${reason}` };
  }
}

/** The questions in the order in which they came, one after the other. */
class QuestionQueue {
  private readonly waiting: RunMessage[] = [];
  private running = false;

  constructor(
    private readonly thread: InferenceThread,
    private readonly send: (message: FromThread) => void,
  ) {}

  /** Runs a question: at once if none is in work, so that no message which comes later can have an effect on it. */
  async runInOrder(message: RunMessage): Promise<void> {
    this.waiting.push(message);
    if (this.running) return;
    this.running = true;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      const { question, claim } = next;
      // A question that the owner has reclaimed is skipped.
      if (!claim || new Claim(claim).tryAcquire()) this.send(await answer(this.thread, question));
    }
    this.running = false;
  }
}

async function serve(port: MessagePort, settings: ThreadSettings): Promise<void> {
  const send = (message: FromThread): void => port.postMessage(message);
  let thread: InferenceThread | undefined;
  let line: QuestionQueue | undefined;
  port.on('message', (message: ToThread) => {
    // Without its port the thread has nothing left to wait for and ends by itself, outside of native code.
    if (message.type === 'exit') port.close();
    else if (message.type === 'inject_fault') thread?.injectFault(message.fault);
    else void line?.runInOrder(message);
  });
  try {
    const opened = await InferenceThread.open(settings);
    const width = await opened.warmUp(settings);
    thread = opened;
    line = new QuestionQueue(opened, send);
    send({ type: 'ready', width });
  } catch (error) {
    if (!(error instanceof UnfitNetworkError)) throw error;
    send({ type: 'unfit', sentence: error.message });
    port.close();
  }
}

if (parentPort) void serve(parentPort, workerData as ThreadSettings);
