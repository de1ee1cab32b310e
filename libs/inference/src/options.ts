import { availableParallelism } from 'node:os';
import { invalid, systemClock, type InputIssue, type TimerClock } from '@smart-support/contracts';
import { DTYPES, type Dtype } from './directory/onnx-file';
import type { PoolEvent } from './running-model';

/** How a model is opened. Only `directory` is needed. */
export interface ModelOptions {
  /** A model directory in the Hugging Face layout: `config.json`, `tokenizer.json`, `onnx/model*.onnx`. */
  readonly directory: string;
  /**
   * Which of the files in `onnx/` is run. `auto`, the default, takes the only one there is;
   * of several the int8 one, else the 8-bit quantised one, else fp32.
   */
  readonly dtype?: Dtype;
  /** Inference threads, each with its own copy of the network; by default one a core. */
  readonly threads?: number;
  /**
   * Most runs that wait for a thread; beyond it calls are refused as `overloaded`. By default 128 a thread.
   * With the longest texts that are read (64 Ki characters), 128 of them take 16 MB.
   */
  readonly maxWaiting?: number;
  /**
   * Answers kept for equal texts, 1,024 by default, at most 4 KiB each on average. 0 keeps none;
   * equal texts that come while one of them is in work share its run even so.
   */
  readonly cacheSize?: number;
  /** A run that takes longer, in milliseconds, counts as hung: its thread is replaced. 10,000 by default. */
  readonly hangMs?: number;
  /** Reads fewer tokens than the model could, special tokens included. */
  readonly maxTokens?: number;
  /** Time; the machine's own by default. */
  readonly clock?: TimerClock;
  /** Called when a thread is lost or replaced. What it throws is dropped. */
  readonly onEvent?: (event: PoolEvent) => void;
}

/** {@link ModelOptions} with every default filled in. */
export interface ResolvedOptions {
  readonly directory: string;
  readonly dtype: Dtype;
  readonly threads: number;
  readonly maxWaiting: number;
  readonly cacheSize: number;
  readonly hangMs: number;
  readonly maxTokens: number | undefined;
  readonly clock: TimerClock;
  readonly onEvent: (event: PoolEvent) => void;
}

/** Longest time that a timer of Node can wait, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Fewest tokens with which a text has content beside the special tokens. */
const FEWEST_TOKENS = 8;

/**
 * Checks the options and fills in the defaults.
 * @throws SmartSupportError `invalid_config` with one issue for each option that does not fit
 */
export function resolveOptions(options: ModelOptions): ResolvedOptions {
  const threads = options.threads ?? availableParallelism();
  const resolved: ResolvedOptions = {
    directory: options.directory,
    dtype: options.dtype ?? 'auto',
    threads,
    maxWaiting: options.maxWaiting ?? 128 * threads,
    cacheSize: options.cacheSize ?? 1024,
    hangMs: options.hangMs ?? 10_000,
    maxTokens: options.maxTokens,
    clock: options.clock ?? systemClock,
    onEvent: options.onEvent ?? (() => undefined),
  };
  const issues: InputIssue[] = [];
  const mustBe = (path: keyof ModelOptions, fits: boolean, message: string): void => {
    if (!fits) issues.push({ path, message: `must be ${message}` });
  };
  const wholeFrom = (least: number, most: number, value: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
  mustBe('directory', typeof resolved.directory === 'string' && resolved.directory !== '', 'a path');
  mustBe('dtype', (DTYPES as readonly string[]).includes(resolved.dtype), `one of ${DTYPES.join(', ')}`);
  mustBe('threads', wholeFrom(1, 256, threads), 'a whole number from 1 to 256');
  mustBe('maxWaiting', wholeFrom(0, 1_000_000, resolved.maxWaiting), 'a whole number from 0 to 1000000');
  mustBe('cacheSize', wholeFrom(0, 1_000_000, resolved.cacheSize), 'a whole number from 0 to 1000000');
  mustBe('hangMs', wholeFrom(1, LONGEST_TIMER_MS, resolved.hangMs), `a whole number from 1 to ${LONGEST_TIMER_MS}`);
  const { maxTokens = FEWEST_TOKENS } = resolved;
  mustBe('maxTokens', wholeFrom(FEWEST_TOKENS, 1_000_000, maxTokens), `a whole number from ${FEWEST_TOKENS} up`);
  if (issues.length > 0) throw invalid('options of the model', issues, { code: 'invalid_config' });
  return resolved;
}
