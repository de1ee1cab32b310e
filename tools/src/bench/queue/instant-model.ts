import { createClassifierBaseline } from '@smart-support/classifier';
import type { Decision } from '@smart-support/contracts';
import { createUrgencyBaseline } from '@smart-support/urgency';

/**
 * What the baseline says of each text, as the pipeline would commit it, worked out beforehand: so a bench of the queue measures
 * nothing of a model. Without alerts, for which the rivals have nothing to compare.
 */
export function instantDecisions(texts: readonly string[]): readonly Decision[] {
  const classifier = createClassifierBaseline();
  const urgency = createUrgencyBaseline();
  return texts.map((text) => decisionOf(classifier.classify({ text }), urgency.score({ text })));
}

function decisionOf(
  category: ReturnType<ReturnType<typeof createClassifierBaseline>['classify']>,
  urgency: ReturnType<ReturnType<typeof createUrgencyBaseline>['score']>,
): Decision {
  const { confidence, needs_review, scores, model } = category;
  const { urgency_score } = urgency;
  return {
    category: category.category,
    confidence,
    needs_review,
    urgency_score,
    model: model.family,
    degraded: false,
    explanation: {
      category: { label: category.category, confidence, needs_review, scores, model },
      urgency: { urgency_score, model: urgency.model, alert: false, alert_threshold: 0.8 },
      breaker: { state: 'closed', reason: null },
      models: [],
      truncated: false,
      incident: null,
      storm_exclusion: null,
      timings: { classify_ms: 0.051, urgency_ms: 0.034 },
    },
  };
}
