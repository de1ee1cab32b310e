import { type JsonObject, invalidModel, isJsonObject } from './json-file';

/**
 * The labels of a classifier in the order of its outputs, from `id2label`.
 * @throws SmartSupportError `invalid_model` if there are none, or their ids have gaps
 */
export function labelsOf(configFile: string, config: JsonObject): readonly string[] {
  const byId = config['id2label'];
  if (!isJsonObject(byId) || Object.keys(byId).length === 0) {
    throw invalidModel(`${configFile} has no id2label; expected the labels of a classifier.`);
  }
  const labels = Object.keys(byId).map((_, id) => byId[String(id)]);
  if (!labels.every((label) => typeof label === 'string') || new Set(labels).size !== labels.length) {
    throw invalidModel(
      `${configFile} has an id2label that does not name each id from 0 up once; expected one label an id.`,
    );
  }
  return labels as string[];
}

/** How a classifier's outputs become probabilities. */
export type Activation = 'softmax' | 'sigmoid';

/**
 * One label of many, or each by itself: by `problem_type`; a single output can only be judged by itself.
 * @throws SmartSupportError `invalid_model` for a regression
 */
export function activationOf(configFile: string, config: JsonObject, labels: readonly string[]): Activation {
  const problem = config['problem_type'];
  if (problem === 'regression') {
    throw invalidModel(`${configFile} has the problem_type "regression"; expected a classification.`);
  }
  return problem === 'multi_label_classification' || labels.length === 1 ? 'sigmoid' : 'softmax';
}

/** Which outputs of an NLI model say that the text entails the hypothesis, and that it contradicts it. */
export interface NliOutputs {
  readonly entailment: number;
  readonly contradiction: number;
}

/**
 * Finds the outputs by the beginning of their labels, whatever the case. Without a label for contradiction
 * it is the first output, or the last if the first is entailment, as in the transformers library.
 * @throws SmartSupportError `invalid_model` without a label for entailment
 */
export function nliOutputsOf(configFile: string, labels: readonly string[]): NliOutputs {
  const find = (prefix: string): number => labels.findIndex((label) => label.toLowerCase().startsWith(prefix));
  const entailment = find('entail');
  if (entailment < 0 || labels.length < 2) {
    throw invalidModel(
      `${configFile} has the labels ${labels.join(', ')}; expected those of an NLI model, one of them "entailment".`,
    );
  }
  const contradiction = find('contra');
  return { entailment, contradiction: contradiction >= 0 ? contradiction : entailment === 0 ? labels.length - 1 : 0 };
}
