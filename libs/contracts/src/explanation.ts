import type { RankedAgent } from './agent';
import type { Category, Lane } from './categories';
import type { ModelInfo, RunReport, TermContribution, UrgencyHit } from './prediction';
import type { ReviewReason } from './review-reason';
import type { StormExclusion } from './storm-exclusion';
import type { TicketSource, Corrections } from './ticket';

/**
 * Why a baseline answered in a model's place: the operator's switch `MODEL_FALLBACK`, models that are still being opened (`warming`),
 * an open breaker, no thread free in time (`overloaded`), no answer in time (`deadline`), or an error (`failed`).
 */
export const FALLBACK_REASONS = [
  'model_fallback',
  'warming',
  'breaker_open',
  'overloaded',
  'deadline',
  'failed',
] as const;

/** One of {@link FALLBACK_REASONS}. */
export type FallbackReason = (typeof FALLBACK_REASONS)[number];

/** How a heavy model did for one ticket. */
export interface ModelUse {
  /** Name of the model, for example `all-MiniLM-L6-v2`. */
  readonly name: string;
  readonly breaker: 'closed' | 'open';
  /** Why the baseline answered in its place, `null` if the model did. */
  readonly fallback: FallbackReason | null;
  /** How the run went, `null` without one. */
  readonly run: RunReport | null;
}

/** How an agent was found: by ranking all of them, or because a slot became free for the first in line. */
export interface AssignmentExplanation {
  readonly how: 'ranked' | 'first_in_line' | 'waiting' | 'by_hand';
  /** ISO 8601. */
  readonly decided_at: string;
  readonly agent_id: string | null;
  /** Every agent with the reason it won or lost, best first. */
  readonly agents: readonly RankedAgent[];
}

/**
 * What is kept of the reasons for a ticket's routing. Parts are `null` until they happened.
 * Terms and urgency hits are not kept: they follow from the text and the same version of the model, see {@link ExplanationReport}.
 */
export interface TicketExplanation {
  readonly ticket_id: string;
  /** The lane and the baseline urgency that chose it. */
  readonly lane: { readonly name: Lane; readonly urgency_score: number };
  readonly category: {
    readonly label: Category;
    readonly confidence: number;
    readonly needs_review: boolean;
    readonly review_reasons: readonly ReviewReason[];
    readonly scores: Readonly<Record<Category, number>>;
    readonly model: ModelInfo;
  } | null;
  readonly urgency: {
    readonly urgency_score: number;
    readonly model: ModelInfo;
    /** Whether an alert was due: strictly above the threshold. */
    readonly alert: boolean;
    readonly alert_threshold: number;
  } | null;
  /**
   * Whether any model's circuit breaker was open when the ticket was understood, and why a baseline answered where a model was meant to;
   * `reason` is `null` if it did not have to.
   */
  readonly breaker: { readonly state: 'closed' | 'open'; readonly reason: FallbackReason | null };
  /** The heavy models that were asked, one by one; empty where there are none. */
  readonly models: readonly ModelUse[];
  /** Whether the model read only the beginning of the text. */
  readonly truncated: boolean;
  /**
   * The incident that the ticket belongs to, else the most similar one, if any is known; `severe_signal` names the severe signal of a member
   * for which it was routed nevertheless.
   */
  readonly incident: { readonly id: string; readonly similarity: number; readonly severe_signal?: string } | null;
  /** By which rule the ticket is no part of a storm, although others are similar, or without being compared; `null` if by none, and until it is known. */
  readonly storm_exclusion: StormExclusion | null;
  readonly assignment: AssignmentExplanation | null;
  /** What the agent corrected on completing the ticket. */
  readonly corrections: Corrections | null;
  /** Milliseconds per stage of the pipeline. */
  readonly timings: Readonly<Record<string, number>>;
}

/**
 * Everything that led to a ticket's routing, as `GET /tickets/<id>/explain` answers it.
 * `terms` and `hits` are `null` where another version of the model decided than the one that is asked now, where a model of the user's own
 * decided, which gives no reasons, and `hits` also while the embedder that decided does not answer.
 */
export interface ExplanationReport extends Omit<TicketExplanation, 'category' | 'urgency'> {
  /**
   * What models read of subject and text, its first 2,000 characters, where that is not the text as it was sent: markup, quotations and signatures are left
   * out, and the middle of a long text; `null` where it is.
   */
  readonly read: string | null;
  /** The API key that the ticket came with; `null` where callers need none. */
  readonly source: TicketSource | null;
  readonly category:
    | (NonNullable<TicketExplanation['category']> & {
        /** Terms that moved the decision most, strongest first. */
        readonly terms: readonly TermContribution[] | null;
        /** How far the meaning of the whole text (its embedding) moved the same log-odds; `null` where no embedding decided. */
        readonly meaning: number | null;
      })
    | null;
  readonly urgency:
    | (NonNullable<TicketExplanation['urgency']> & {
        /** Every pattern that matched, strongest first. */
        readonly hits: readonly UrgencyHit[] | null;
      })
    | null;
}
