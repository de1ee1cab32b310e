import type { FallbackReason, ReviewReason, StormExclusion, TicketRecord } from '@smart-support/contracts';

/**
 * The stages that are timed, in the order of a ticket's way: the baseline's urgency before it is enqueued, the offer to the queue, the pass of the embedder,
 * the two answers, what the baseline answers in a transformer's place, the place among storms, and the commit.
 */
export const STAGES = ['lane', 'accept', 'embed', 'classify', 'score_urgency', 'fall_back', 'storm', 'commit'] as const;

/** A timed stage of a ticket's way through the pipeline. */
export type Stage = (typeof STAGES)[number];

/** Observes a ticket's way beyond its changes of status, which `BrokerObserver` reports; for logs and metrics. Every method is optional and must not throw. */
export interface PipelineObserver {
  /** A stage of one ticket took so many milliseconds. */
  stage?(stage: Stage, milliseconds: number): void;
  /** A baseline had to answer where this model was meant to; `error` is what the model gave, if it gave anything. */
  fallback?(model: string, reason: FallbackReason, error: unknown): void;
  /** A ticket that is routed has an urgency strictly above the alert threshold; called after the commit. */
  alert?(record: TicketRecord): void;
  /** A person should look at the category of a ticket, for this reason among others; called after the commit. */
  review?(reason: ReviewReason): void;
  /** A rule keeps a ticket out of storms; called after the commit. */
  stormExclusion?(rule: StormExclusion): void;
  /** A ticket could not be worked on and was given back (`queued`) or set aside (`dead`). */
  failed?(ticketId: string, error: unknown, outcome: 'queued' | 'dead'): void;
}
