import type { TextClassifier } from '@smart-support/contracts';
import { activationOf, labelsOf } from './directory/labels';
import { labelScores } from './network/scores';
import { OpenModel } from './open-model';
import type { ModelOptions } from './options';
import type { RunningModel } from './running-model';

/** A text classifier with its own threads. */
export interface TextClassificationModel extends TextClassifier, RunningModel {}

/**
 * Opens a sequence classifier, such as a fine-tuned DistilBERT, with the labels of its `id2label`.
 * Scores add up to 1, except with the problem type `multi_label_classification`, where each label is judged by itself.
 * Resolves when every thread is warm. Text beyond 64 Ki characters is not read.
 * @throws SmartSupportError `invalid_model` with a sentence that names the file and what was expected; `invalid_config` for wrong options
 */
export async function openTextClassifier(options: ModelOptions): Promise<TextClassificationModel> {
  const { model, fit } = await OpenModel.open(options, ({ config, configFile }) => {
    const labels = labelsOf(configFile, config);
    const activation = activationOf(configFile, config, labels);
    return { task: { type: 'logits', outputs: labels.length, pairs: false }, labels, activation };
  });
  return {
    ...model.running,
    labels: fit.labels,
    classify: async (text, runOptions) => {
      const { values, report } = await model.ask(text, runOptions);
      return { scores: labelScores(fit.labels, values, fit.activation), ...report };
    },
  };
}
