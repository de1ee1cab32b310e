import type { Classifier, ModelInfo, UrgencyScorer, Vectoriser } from '@smart-support/contracts';

const model: ModelInfo = { family: 'baseline', name: 'by-hand', version: 'v1' };

/** Answers Billing for every text; throws for the word "poison". */
const classifier: Classifier = {
  model,
  classify: ({ text }) => {
    if (text.includes('poison')) throw new Error('the model choked');
    return {
      category: 'Billing',
      confidence: 0.8,
      scores: { Billing: 0.8, Technical: 0.1, Legal: 0.1 },
      needs_review: false,
      review_reasons: [],
      model,
    };
  },
  explain: () => ({ terms: [], meaning: null }),
};

/** Scores every text 0.5. */
const urgency: UrgencyScorer = { model, score: () => ({ urgency_score: 0.5, hits: [], model }) };

/** Finds no words, so that no two tickets are similar. */
export const NO_WORDS: Vectoriser = {
  vectorise: () => ({ indices: new Uint32Array(), values: new Float32Array() }),
};

/** Models with fixed answers, for a pipeline: no transformer, and every ticket reports a failure. */
export const SCRIPTED_MODELS = {
  baseline: { classifier, urgency, words: NO_WORDS, failure: { probability: () => 1 } },
  transformer: null,
} as const;
