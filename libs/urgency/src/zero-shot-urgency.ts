import type {
  ModelInfo,
  ModelInput,
  RunOptions,
  UrgencyPrediction,
  UrgencyScorer,
  ZeroShotClassifier,
} from '@smart-support/contracts';

/** How a zero-shot model is asked about urgency. */
export interface ZeroShotUrgencyOptions {
  /** The sentence whose `{}` is filled with `urgent` and `not urgent`; `This ticket is {}.` by default. */
  readonly hypothesis?: string;
}

const URGENT = 'urgent';
const LABELS = [URGENT, 'not urgent'] as const;
const HYPOTHESIS = 'This ticket is {}.';

/**
 * Urgency from a user's own natural-language-inference model, such as BART trained on MNLI: the probability that it gives
 * "urgent" against "not urgent". That is how sure the model is, not a place on the scale of `data/rubric.md`: thresholds made
 * for the other scorers need a look. It reports no hits, since the model gives no reasons.
 * @returns a scorer that fails as the model does: `overloaded`, `model_failed`, `closed`, or the signal's reason when aborted
 */
export function createZeroShotUrgency(
  classifier: ZeroShotClassifier,
  { hypothesis = HYPOTHESIS }: ZeroShotUrgencyOptions = {},
): UrgencyScorer {
  const model: ModelInfo = { family: 'transformer', name: classifier.name, version: classifier.version };
  return {
    model,
    async score({ text }: ModelInput, options?: RunOptions): Promise<UrgencyPrediction> {
      const question = { labels: LABELS, hypothesis, multiLabel: false };
      const { scores, tokens, unknown_tokens, truncated, cached, timings } = await classifier.classify(
        text,
        question,
        options,
      );
      const urgent = scores[URGENT] ?? 0;
      return { urgency_score: urgent, hits: [], model, run: { tokens, unknown_tokens, truncated, cached, timings } };
    },
  };
}
