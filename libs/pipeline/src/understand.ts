import type { Classifier, Clock, Decision, Ticket, UrgencyPrediction, UrgencyScorer } from '@smart-support/contracts';
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

/** An urgency and how long it took to score, in milliseconds. */
export interface TimedUrgency {
  readonly prediction: UrgencyPrediction;
  readonly milliseconds: number;
}

/** To the microsecond. */
const roundedMs = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

/**
 * Turns a ticket's words into a category and an urgency, with the reasons.
 * @param atTheDoor - the urgency scored at the door, where it is known and the same scorer would answer again
 */
export async function understand(
  ticket: Ticket,
  deps: UnderstandingDependencies,
  atTheDoor?: TimedUrgency,
): Promise<Decision> {
  const { classifier, urgency, clock, observer, alertThreshold } = deps;
  const timings: Record<string, number> = {};
  const input = { text: textOf(ticket) };

  const timed = async <T>(stage: Stage, work: () => T | Promise<T>): Promise<T> => {
    const start = clock.monotonic();
    const result = await work();
    const milliseconds = clock.monotonic() - start;
    timings[`${stage}_ms`] = roundedMs(milliseconds);
    observer.stage(stage, milliseconds);
    return result;
  };

  const category = await timed('classify', () => classifier.classify(input));
  if (atTheDoor) timings['score_urgency_ms'] = roundedMs(atTheDoor.milliseconds);
  const urgent = atTheDoor?.prediction ?? (await timed('score_urgency', () => urgency.score(input)));

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
      models: [],
      truncated: false,
      incident: null,
      timings,
    },
  };
}
