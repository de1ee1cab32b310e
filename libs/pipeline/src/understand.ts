import type { Classifier, Clock, Decision, Ticket, UrgencyScorer } from '@smart-support/contracts';
import type { PipelineObserver, Stage } from './observer';

/** What {@link understand} needs. */
export interface UnderstandingDependencies {
  readonly classifier: Classifier;
  readonly urgency: UrgencyScorer;
  readonly clock: Clock;
  readonly observer: PipelineObserver;
  /** Urgency strictly above which an alert is due, in [0, 1]. */
  readonly alertThreshold: number;
}

/** What models read of a ticket: the subject, where there is one, above the text. */
export function textOf(ticket: { readonly text: string; readonly subject?: string | null | undefined }): string {
  return ticket.subject ? `${ticket.subject}\n${ticket.text}` : ticket.text;
}

/** Turns a ticket's words into a category and an urgency, with the reasons. */
export async function understand(ticket: Ticket, deps: UnderstandingDependencies): Promise<Decision> {
  const { classifier, urgency, clock, observer, alertThreshold } = deps;
  const timings: Record<string, number> = {};
  const input = { text: textOf(ticket) };

  const timed = async <T>(stage: Stage, work: () => T | Promise<T>): Promise<T> => {
    const start = clock.monotonic();
    const result = await work();
    const milliseconds = clock.monotonic() - start;
    timings[`${stage}_ms`] = Math.round(milliseconds * 1000) / 1000;
    observer.stage(stage, milliseconds);
    return result;
  };

  const category = await timed('classify', () => classifier.classify(input));
  const urgent = await timed('score_urgency', () => urgency.score(input));

  return {
    category: category.category,
    confidence: category.confidence,
    needs_review: category.needs_review,
    urgency_score: urgent.urgency_score,
    model: category.model.family,
    degraded: false,
    explanation: {
      category: {
        label: category.category,
        confidence: category.confidence,
        needs_review: category.needs_review,
        scores: category.scores,
        model: category.model,
      },
      urgency: {
        urgency_score: urgent.urgency_score,
        model: urgent.model,
        alert: urgent.urgency_score > alertThreshold,
        alert_threshold: alertThreshold,
      },
      breaker: { state: 'closed', reason: null },
      truncated: false,
      incident: null,
      timings,
    },
  };
}
