import type { Classifier, ExplanationReport, TicketRecord, UrgencyScorer } from '@smart-support/contracts';
import { textOf } from './understand';

/**
 * Adds to the kept reasons what follows from the text: the terms and the urgency patterns.
 * They are computed only by the very model version that decided; another version would tell another story.
 */
export async function explain(
  record: TicketRecord,
  models: { readonly classifier: Classifier; readonly urgency: UrgencyScorer },
): Promise<ExplanationReport> {
  const { category, urgency } = record.explanation;
  const input = { text: textOf(record.ticket) };
  const sameClassifier = category?.model.version === models.classifier.model.version;
  const sameScorer = urgency?.model.version === models.urgency.model.version;
  return {
    ...record.explanation,
    category: category && {
      ...category,
      ...(sameClassifier ? await models.classifier.explain(input) : { terms: null, meaning: null }),
    },
    urgency: urgency && { ...urgency, hits: sameScorer ? (await models.urgency.score(input)).hits : null },
  };
}
