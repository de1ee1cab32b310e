import { createClassifierBaseline } from '@smart-support/classifier';
import type { Decision } from '@smart-support/contracts';
import { createUrgencyBaseline } from '@smart-support/urgency';

/**
 * The baseline's decision about each text, as the pipeline commits it: computed beforehand, so that a bench of the queue measures
 * no model. Without alerts, for which the rivals have no counterpart.
 */
export function instantDecisions(texts: readonly string[]): readonly Decision[] {
  const classifier = createClassifierBaseline();
  const urgency = createUrgencyBaseline();
  return texts.map((text) => {
    const { category, confidence, needs_review, review_reasons, scores, model } = classifier.classify({ text });
    const { urgency_score, model: urgencyModel } = urgency.score({ text });
    return {
      category,
      confidence,
      needs_review,
      review_reasons,
      urgency_score,
      model: model.family,
      degraded: false,
      language: null,
      automated: false,
      explanation: {
        category: { label: category, confidence, needs_review, review_reasons, scores, model },
        urgency: { urgency_score, model: urgencyModel, alert: false, alert_threshold: 0.8 },
        breaker: { state: 'closed', reason: null },
        models: [],
        truncated: false,
        incident: null,
        storm_exclusion: null,
        timings: { classify_ms: 0.051, urgency_ms: 0.034 },
      },
    };
  });
}
