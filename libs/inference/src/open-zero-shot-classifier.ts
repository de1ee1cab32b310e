import {
  SmartSupportError,
  type RunReport,
  type ZeroShotClassifier,
  type ZeroShotQuestion,
} from '@smart-support/contracts';
import { labelsOf, nliOutputsOf } from './directory/labels';
import { zeroShotScores } from './network/scores';
import { OpenModel } from './open-model';
import type { ModelOptions } from './options';
import type { RunningModel } from './running-model';

/** A zero-shot classifier with its own threads. */
export interface ZeroShotModel extends ZeroShotClassifier, RunningModel {}

const DEFAULT_HYPOTHESIS = 'This ticket is {}.';

/**
 * Opens an NLI model, such as BART fine-tuned on MNLI, for zero-shot classification. Each label is one run;
 * only the text is cut when a pair is too long. A question takes a place in the queue for each label and is refused
 * when not all of them fit. Of its report: `tokens` is the longest pair, `queue_ms` the wait until its first
 * run, the other times are sums over its runs.
 * Resolves when every thread is warm. Text beyond 64 Ki characters is not read.
 * @throws SmartSupportError `invalid_model` with a sentence that names the file and what was expected; `invalid_config` for wrong options
 */
export async function openZeroShotClassifier(options: ModelOptions): Promise<ZeroShotModel> {
  const { model, fit } = await OpenModel.open(options, ({ config, configFile }) => {
    const labels = labelsOf(configFile, config);
    const nli = nliOutputsOf(configFile, labels);
    return { task: { type: 'logits', outputs: labels.length, pairs: true }, nli };
  });
  return {
    ...model.running,
    classify: async (text, question, runOptions) => {
      const answers = await model.askEach(text, hypothesesOf(question), runOptions);
      const { labels, multiLabel = false } = question;
      const logits = answers.map(({ values }) => values);
      return {
        scores: zeroShotScores(labels, logits, fit.nli, multiLabel),
        ...reportOfAll(answers.map(({ report }) => report)),
      };
    },
  };
}

/** @throws SmartSupportError `invalid_input` */
function hypothesesOf({ labels, hypothesis = DEFAULT_HYPOTHESIS }: ZeroShotQuestion): string[] {
  const wrong = (sentence: string) => new SmartSupportError('invalid_input', sentence);
  if (labels.length === 0) throw wrong('A zero-shot question needs at least one label');
  if (labels.some((label) => label.trim() === '')) throw wrong('A label of a zero-shot question must not be empty');
  if (new Set(labels).size < labels.length) throw wrong('A zero-shot question names each label once');
  if (!hypothesis.includes('{}')) throw wrong('The hypothesis of a zero-shot question needs a {} for the label');
  return labels.map((label) => hypothesis.replace('{}', () => label));
}

function reportOfAll(reports: readonly RunReport[]): RunReport {
  const sum = (of: (report: RunReport) => number): number => reports.reduce((total, report) => total + of(report), 0);
  return {
    tokens: Math.max(...reports.map(({ tokens }) => tokens)),
    unknown_tokens: Math.max(...reports.map(({ unknown_tokens }) => unknown_tokens)),
    truncated: reports.some(({ truncated }) => truncated),
    cached: reports.every(({ cached }) => cached),
    timings: {
      queue_ms: Math.min(...reports.map(({ timings }) => timings.queue_ms)),
      tokenise_ms: sum(({ timings }) => timings.tokenise_ms),
      inference_ms: sum(({ timings }) => timings.inference_ms),
    },
  };
}
