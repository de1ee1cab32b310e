import type { Clock, Decision, MaybePromise, StormArrival, Ticket, UrgencyPrediction } from '@smart-support/contracts';
import { type ModelAnswers, askModels } from './ask-models';
import type { TicketModels } from './models';
import type { PipelineObserver, Stage } from './observer';

/** What {@link understand} needs. */
export interface UnderstandingDependencies {
  readonly models: TicketModels;
  readonly clock: Clock;
  readonly observer: PipelineObserver;
  /** Urgency strictly above which an alert is due, in [0, 1]. */
  readonly alertThreshold: number;
  /** Signals of the urgency baseline by which a ticket of a storm is routed all the same, should they be news there. */
  readonly graveSignals: readonly string[];
}

/** What is understood of a ticket, bit by bit. Whoever waits for one of the two only need not care about errors of the other. */
export interface Understanding {
  /** What storms compare: known before the heads have read the embedding. */
  readonly arrival: Promise<StormArrival>;
  readonly decision: Promise<Decision>;
}

/** What models read of a ticket: the subject, where there is one, above the text. */
export function textOf(ticket: { readonly text: string; readonly subject?: string | null | undefined }): string {
  return ticket.subject ? `${ticket.subject}\n${ticket.text}` : ticket.text;
}

/** To the microsecond. */
const roundedMs = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

/**
 * Turns a ticket's words into a category and an urgency, with the reasons, and into what storms compare.
 * @param atTheDoor - the baseline's urgency, where it was scored at the door in this process
 */
export function understand(
  ticket: Ticket,
  deps: UnderstandingDependencies,
  atTheDoor?: UrgencyPrediction,
): Understanding {
  const { models, clock, observer } = deps;
  const text = textOf(ticket);
  const timings: Record<string, number> = {};

  const timed = async <T>(stage: Stage, work: () => MaybePromise<T>): Promise<T> => {
    const start = clock.monotonic();
    const result = await work();
    const milliseconds = clock.monotonic() - start;
    timings[`${stage}_ms`] = roundedMs((timings[`${stage}_ms`] ?? 0) + milliseconds);
    observer.stage(stage, milliseconds);
    return result;
  };
  const baselineUrgency = async (stage: Stage): Promise<UrgencyPrediction> =>
    atTheDoor ?? timed(stage, () => models.baseline.urgency.score({ text }));

  const { embedding, answers } = askModels(text, { models, observer, timed, baselineUrgency });
  // While the model reads.
  const words = models.baseline.words.vectorise(text);
  const grave = graveSignalIn(text, deps, atTheDoor);
  const arrival = Promise.all([embedding, grave]).then(([known, signal]) => ({
    embedding: known,
    words,
    grave: signal,
  }));
  arrival.catch(() => undefined);
  return { arrival, decision: answers.then((answered) => decisionOf(answered, deps.alertThreshold, timings)) };
}

/** What is grave about a text by the baseline's signals, if anything: a model of the user's own tells none. */
async function graveSignalIn(
  text: string,
  { models, graveSignals }: UnderstandingDependencies,
  atTheDoor: UrgencyPrediction | undefined,
): Promise<string | null> {
  if (graveSignals.length === 0) return null;
  const { hits } = atTheDoor ?? (await models.baseline.urgency.score({ text }));
  return hits.find(({ signal }) => graveSignals.includes(signal))?.signal ?? null;
}

function decisionOf(
  { category, urgency, uses, fallback }: ModelAnswers,
  alertThreshold: number,
  timings: Readonly<Record<string, number>>,
): Decision {
  return {
    category: category.category,
    confidence: category.confidence,
    needs_review: category.needs_review,
    urgency_score: urgency.urgency_score,
    model: category.model.family,
    degraded: fallback !== null,
    explanation: {
      category: {
        label: category.category,
        confidence: category.confidence,
        needs_review: category.needs_review,
        scores: category.scores,
        model: category.model,
      },
      urgency: {
        urgency_score: urgency.urgency_score,
        model: urgency.model,
        alert: urgency.urgency_score > alertThreshold,
        alert_threshold: alertThreshold,
      },
      breaker: { state: uses.some(({ breaker }) => breaker === 'open') ? 'open' : 'closed', reason: fallback },
      models: uses,
      truncated: uses.some(({ run }) => run?.truncated),
      incident: null,
      timings,
    },
  };
}
