import type { Classifier, ModelInfo, UrgencyScorer, Vectoriser } from '@smart-support/contracts';

const model: ModelInfo = { family: 'baseline', name: 'by-hand', version: 'v1' };

/** Says Billing to everything; breaks on the word "poison". */
const classifier: Classifier = {
  model,
  classify: ({ text }) => {
    if (text.includes('poison')) throw new Error('the model choked');
    return {
      category: 'Billing',
      confidence: 0.8,
      scores: { Billing: 0.8, Technical: 0.1, Legal: 0.1 },
      needs_review: false,
      model,
    };
  },
  explain: () => ({ terms: [], meaning: null }),
};

/** Nothing is pressing. */
const urgency: UrgencyScorer = { model, score: () => ({ urgency_score: 0.5, hits: [], model }) };

/** Finds no words, so that no two tickets are alike. */
export const NO_WORDS: Vectoriser = {
  vectorise: () => ({ indices: new Uint32Array(), values: new Float32Array() }),
};

/** Models whose answers anybody can foretell, for a pipeline: no transformer, and every ticket reports a failure. */
export const SCRIPTED_MODELS = {
  baseline: { classifier, urgency, words: NO_WORDS, failure: { probability: () => 1 } },
  transformer: null,
} as const;
