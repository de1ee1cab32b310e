import type { ModelInfo, ModelInput, UrgencyHit, UrgencyPrediction, UrgencyScorer } from '@smart-support/contracts';
import { findOtherLanguages } from '../find-other-languages';
import { findSignals } from '../find-signals';
import { NO_CONTENT } from '../no-content';
import { URGENCY_WEIGHTS } from './weights';

/** An {@link UrgencyScorer} that answers at once. */
export interface UrgencyBaseline extends UrgencyScorer {
  /** Never throws for any text, however odd. Takes microseconds. */
  score(input: ModelInput): UrgencyPrediction;
}

/**
 * Scores urgency by the signals of the rubric, found with patterns, no model needed: the lane before a ticket is enqueued, and the answer
 * while the model is away. The score is the logistic function of a bias plus, for each signal, its number times its weight;
 * the weights of the reported hits and the bias add up to the score's logit.
 * A text without any letter or digit scores 0.05; one without any known signal scores the bias, a little under the middle.
 * Of German, French, Spanish, Portuguese, Italian and Dutch it knows the commonest words of emergency, with fixed weights; of other languages nothing.
 */
export function createUrgencyBaseline(): UrgencyBaseline {
  const { bias, weights, version } = URGENCY_WEIGHTS;
  const model: ModelInfo = { family: 'baseline', name: 'urgency-rubric', version };
  return {
    model,
    score({ text }) {
      const { matches, saysSomething } = findSignals(text);
      if (!saysSomething) return { urgency_score: NO_CONTENT, hits: [], model };
      let logit = bias;
      const hits = matches.map(({ signal, match, share }): UrgencyHit => {
        // A signal younger than the weights counts nothing until the next training.
        const weight = share * (weights[signal.name] ?? 0);
        logit += weight;
        return { signal: signal.name, match, weight };
      });
      for (const { signal, match, weight } of findOtherLanguages(text)) {
        logit += weight;
        hits.push({ signal: signal.name, match, weight });
      }
      hits.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
      return { urgency_score: 1 / (1 + Math.exp(-logit)), hits, model };
    },
  };
}
