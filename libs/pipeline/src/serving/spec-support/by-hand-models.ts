import type { Classifier, ModelInfo, UrgencyScorer } from '@smart-support/contracts';
import type { TicketModels } from '../../models';

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

/** Models whose answers anybody can foretell. */
export const BY_HAND: TicketModels = { baseline: { classifier, urgency }, transformer: null };
