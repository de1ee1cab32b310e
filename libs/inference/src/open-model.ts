import path from 'node:path';
import { MAX_BODY_BYTES, SmartSupportError, type LoadedModel, type RunOptions } from '@smart-support/contracts';
import { AbortWatch } from './answers/abort-watch';
import { AnswerCache } from './answers/answer-cache';
import { type ReportedAnswer, SharedRuns } from './answers/shared-runs';
import { invalidModel } from './directory/json-file';
import { type ModelDirectory, readModelDirectory } from './directory/model-directory';
import { type ModelOptions, type ResolvedOptions, resolveOptions } from './options';
import { ThreadPool } from './pool/thread-pool';
import type { RunningModel } from './running-model';
import type { NetworkTask, Question } from './thread-protocol';
import { sharingKey } from './tokens/sharing-key';

/** Characters of a text that are read at most, UTF-16 units: no ticket is longer. */
const MAX_CHARACTERS = MAX_BODY_BYTES;

/**
 * More combining marks on one letter than any writing needs: 30 is the limit of Unicode's stream-safe text format (UAX #15).
 * Putting thousands of them in order, as normalising does, takes time that grows with the square of their number.
 */
const HEAPED_MARKS = /(\p{M}{30})\p{M}+/gu;

const LONGEST_DELAY_MS = 600_000;

/** What {@link RunningModel.health} reads. */
const HEALTH_TEXT = 'The server is down.';

/** Found from the package's own name: a thread is compiled code, also where a test runs the pool from its sources. */
function threadFile(): string {
  const manifest = require.resolve('@smart-support/inference/package.json');
  return path.join(path.dirname(manifest), 'dist', 'thread.js');
}

/** The only way to see that the optional peer is missing before a thread fails to load it. */
function assertRuntimeInstalled(): void {
  try {
    require.resolve('onnxruntime-node');
  } catch (cause) {
    throw new SmartSupportError(
      'invalid_config',
      'Models run on onnxruntime-node, which is not installed; install it with: npm install onnxruntime-node --ignore-scripts',
      { cause },
    );
  }
}

function keyFunction({ directory, tokenizer, tokenizerConfig }: ModelDirectory): (text: string) => string {
  try {
    return sharingKey(tokenizer, tokenizerConfig);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidModel(`${directory}/tokenizer.json cannot be used; expected a tokenizer (${reason}).`, error);
  }
}

/** A model on its threads, before it is known what its numbers mean: what every kind of model is made of. */
export class OpenModel {
  private readonly runs: SharedRuns;
  private readonly aborts = new AbortWatch();

  private constructor(
    private readonly directory: ModelDirectory,
    private readonly options: ResolvedOptions,
    private readonly pool: ThreadPool,
    /** How many numbers a run gives. */
    readonly width: number,
    private readonly keyOf: (text: string) => string,
    private readonly healthQuestion: Question,
  ) {
    this.runs = new SharedRuns(pool, new AnswerCache(options.cacheSize), options.clock);
  }

  /**
   * Opens a model directory for a task.
   * @param fit - checks the directory against the task before anything is loaded
   * @throws SmartSupportError `invalid_config`, `invalid_model`, `internal`
   */
  static async open<Fit extends { readonly task: NetworkTask }>(
    given: ModelOptions,
    fit: (directory: ModelDirectory) => Fit,
  ): Promise<{ readonly model: OpenModel; readonly fit: Fit }> {
    const options = resolveOptions(given);
    const directory = await readModelDirectory(options.directory, options.dtype, options.maxTokens);
    const fitting = fit(directory);
    const { task } = fitting;
    assertRuntimeInstalled();
    const keyOf = keyFunction(directory);
    const { onnxFile, fingerprints, maxTokens } = directory;
    const settings = { directory: directory.directory, onnxFile, fingerprints, maxTokens, task };
    const source = { threadFile: threadFile(), settings };
    const { pool, width } = await ThreadPool.open({ ...options, source });
    const pairs = task.type === 'logits' && task.pairs;
    const health: Question = { text: HEALTH_TEXT, ...(pairs ? { hypothesis: HEALTH_TEXT } : {}) };
    return { model: new OpenModel(directory, options, pool, width, keyOf, health), fit: fitting };
  }

  /**
   * Runs one text, or shares the answer of an equal one.
   * @throws SmartSupportError `invalid_input` for a text that is not a string
   */
  async ask(given: string, options?: RunOptions): Promise<ReportedAnswer> {
    const { text, cut } = readable(given);
    return marked(await this.runs.ask(this.keyOf(text), { text }, options), cut);
  }

  /**
   * Runs one text with each of several hypotheses, all or none: when one run fails, those that still wait are given up.
   * @throws SmartSupportError `overloaded` if not all fit into the queue
   */
  async askEach(
    given: string,
    hypotheses: readonly string[],
    { signal, onStart, onJoin }: RunOptions = {},
  ): Promise<ReportedAnswer[]> {
    signal?.throwIfAborted();
    const { text, cut } = readable(given);
    const textKey = this.keyOf(text);
    const questions = hypotheses.map((hypothesis) => ({
      key: JSON.stringify([hypothesis, textKey]),
      text,
      hypothesis,
    }));
    this.pool.assertCapacity(questions.filter(({ key }) => !this.runs.knows(key)).length);
    const all = new AbortController();
    const stopWatching = signal ? this.aborts.watch(signal, () => all.abort(signal.reason)) : undefined;
    // The caller is notified of one run, the first to be under way.
    let isNotified = false;
    const once = (notify: (() => void) | undefined) => (): void => {
      if (!isNotified) notify?.();
      isNotified = true;
    };
    const watch = { signal: all.signal, onStart: once(onStart), onJoin: once(onJoin) };
    try {
      const answers = await Promise.all(questions.map(({ key, ...question }) => this.runs.ask(key, question, watch)));
      return answers.map((answer) => marked(answer, cut));
    } catch (error) {
      all.abort(error);
      throw error;
    } finally {
      stopWatching?.();
    }
  }

  /** The part that all kinds of models have in common. */
  get running(): LoadedModel & RunningModel {
    const { name, version, maxTokens } = this.directory;
    const { threads } = this.options;
    return {
      name,
      version,
      maxTokens,
      threads,
      health: async (options) => (await this.runs.ask(undefined, this.healthQuestion, options)).report,
      stats: () => ({ ...this.pool.stats, ...this.runs.stats }),
      injectFault: (fault) => {
        const { delayMs = 0, error } = fault ?? {};
        if (!(typeof delayMs === 'number' && delayMs >= 0 && delayMs <= LONGEST_DELAY_MS)) {
          throw new SmartSupportError('invalid_input', `An injected delay is from 0 to ${LONGEST_DELAY_MS} ms`);
        }
        if (error !== undefined && error !== 'fail' && error !== 'crash') {
          throw new SmartSupportError('invalid_input', 'An injected error is "fail" or "crash"');
        }
        this.pool.injectFault(fault);
      },
      close: () => this.pool.close(),
    };
  }
}

/** What is read of a text, and whether that is less than all of it. */
function readable(given: string): { readonly text: string; readonly cut: boolean } {
  if (typeof given !== 'string') throw new SmartSupportError('invalid_input', 'A model reads text; expected a string');
  const text = given.slice(0, MAX_CHARACTERS).replace(HEAPED_MARKS, '$1');
  return { text, cut: given.length > MAX_CHARACTERS };
}

function marked(answer: ReportedAnswer, cut: boolean): ReportedAnswer {
  return cut ? { ...answer, report: { ...answer.report, truncated: true } } : answer;
}
