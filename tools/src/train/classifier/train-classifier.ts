import { type ClassifierWeights } from '@smart-support/classifier';
import { encodeWeights } from '@smart-support/classifier/training';
import { leaveOneTopicOut } from '../cross-validation';
import { dataHash, type LabelledTicket } from '../dataset';
import { CHOSEN_OPTIONS } from './chosen-options';
import { evaluate, type Evaluation } from './evaluation';
import { fitClassifier } from './fit-classifier';
import { outOfTopicLogits } from './out-of-topic';

/** What a training of the classifier gives. */
export interface ClassifierTraining {
  readonly weights: ClassifierWeights;
  /** Leave-one-topic-out figures of models trained in the same way. */
  readonly evaluation: Evaluation;
  /** Log-odds behind the figures, per ticket and category, before calibration: what the head is fused with. */
  readonly outOfTopicLogits: readonly (readonly number[])[];
}

const rounded = (number: number): number => Number(number.toFixed(4));

/** Measures out of topic, calibrates on those answers, then learns from all tickets. The same tickets give the same bytes. */
export function trainClassifier(
  tickets: readonly LabelledTicket[],
  { seed, options = CHOSEN_OPTIONS }: { readonly seed: number; readonly options?: typeof CHOSEN_OPTIONS },
): ClassifierTraining {
  const logits = outOfTopicLogits(tickets, leaveOneTopicOut(tickets), options);
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

/** `libs/classifier/src/baseline/baseline-weights.ts`: a TypeScript constant works from the sources and from the compiled package alike. */
export function weightsFile({ manifest, data }: ClassifierWeights): string {
  return `import type { ClassifierWeights } from './weights-format';

/** The shipped model. Written by \`npx nx run tools:train\`; never edited by hand. */
export const BASELINE_WEIGHTS: ClassifierWeights = {
  manifest: ${JSON.stringify(manifest)},
  data: '${data}',
};
`;
}
