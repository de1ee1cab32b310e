import { type ClassifierWeights } from '@smart-support/classifier';
import { encodeWeights } from '@smart-support/classifier/training';
import { leaveOneTopicOut } from '../cross-validation';
import { dataHash, type LabelledTicket } from '../dataset';
import { rounded } from '../metrics';
import { evaluate, type Evaluation } from './evaluation';
import { CHOSEN_OPTIONS, fitClassifier, outOfFoldLogits } from './fit-classifier';

/** A trained classifier baseline. */
export interface ClassifierTraining {
  readonly weights: ClassifierWeights;
  /** Leave-one-topic-out figures of models trained in the same way. */
  readonly evaluation: Evaluation;
  /** Uncalibrated log-odds behind the figures, by ticket and category: the head is fused with them. */
  readonly outOfTopicLogits: readonly (readonly number[])[];
}

/** Evaluates and calibrates out of topic, then fits to all tickets. The same tickets give the same bytes. */
export function trainClassifier(
  tickets: readonly LabelledTicket[],
  { seed, options = CHOSEN_OPTIONS }: { readonly seed: number; readonly options?: typeof CHOSEN_OPTIONS },
): ClassifierTraining {
  const logits = outOfFoldLogits(tickets, leaveOneTopicOut(tickets), options);
  const evaluation = evaluate(tickets, logits);
  const fitted = fitClassifier(tickets, options);
  const weights = encodeWeights({
    ...fitted,
    biases: fitted.biases.map(rounded),
    prior: fitted.prior,
    scale: rounded(evaluation.scale),
    reviewThreshold: evaluation.reviewThreshold,
    training: {
      data: dataHash(tickets),
      seed,
      steps: options.steps,
      learningRate: options.learningRate,
      minimumTopics: options.minimumTopics,
      accuracy: rounded(evaluation.accuracy),
      macroF1: rounded(evaluation.macroF1),
    },
  });
  return { weights, evaluation, outOfTopicLogits: logits };
}
