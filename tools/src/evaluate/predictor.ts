import type { Decision, ReviewReason, TermContribution } from '@smart-support/contracts';
import { systemClock } from '@smart-support/contracts';
import { explain, understand, type UnderstandingDependencies } from '@smart-support/pipeline';
import { openTicketModels } from '@smart-support/ticket-models';
import { openLanguageDetector } from '@smart-support/ticket-text';
import type { TicketText } from './tickets/labelled-tickets';

/** What is predicted for a ticket. */
export interface TicketPrediction extends Pick<Decision, 'category' | 'confidence' | 'urgency_score'> {
  /** Why a person should look at the category; empty if none need. */
  readonly review_reasons: readonly ReviewReason[];
  /** Whether another model answered than the one that is measured. */
  readonly degraded: boolean;
}

/** Anything that answers for tickets. */
export interface Predictor {
  /** The models that answer, for the report. */
  readonly models: readonly string[];
  predict(ticket: TicketText): TicketPrediction | Promise<TicketPrediction>;
  /** The terms that moved the category most, strongest first. Empty for a model that gives none. */
  termsOf(ticket: TicketText): readonly TermContribution[] | Promise<readonly TermContribution[]>;
}

/** A predictor that holds threads. */
export interface OpenPredictor extends Predictor {
  close(): Promise<void>;
}

/** Longer than any run: a measurement waits for the model that it measures. */
const PATIENT_MS = 3_600_000;

/**
 * The models as the service asks them: markup out, beginning and end of long texts, the language, embedder and heads, all reasons for a review.
 * @param baseline - asks the baselines alone, without a transformer
 * @throws SmartSupportError `invalid_model`
 */
export async function openShippedModels({ baseline }: { readonly baseline: boolean }): Promise<OpenPredictor> {
  const opened = await openTicketModels({
    models: { fallback: baseline, deadlineMs: PATIENT_MS },
    breaker: { latencyMs: PATIENT_MS, openCount: 1000, fastMs: 1, closeCount: 1, probeMs: PATIENT_MS },
  });
  const { models } = opened;
  const detector = await openLanguageDetector();
  const dependencies: UnderstandingDependencies = {
    models,
    clock: systemClock,
    observer: {},
    alertThreshold: 1,
    novelSignals: [],
    alwaysRoutedSignals: [],
    isMachine: () => false,
    isVouched: () => true,
    languageOf: (text) => detector.detect(text),
  };
  const decide = async ({ text, subject }: TicketText): Promise<Decision> => {
    const ticket = { text, subject, requester: null };
    return (await understand({ ticket, channel: null, metadata: null, source: null }, dependencies)).decision;
  };
  const { transformer, baseline: light } = models;
  const asked =
    transformer === null || typeof transformer === 'string'
      ? [light.classifier.model, light.urgency.model]
      : [transformer.embedder?.model, transformer.classifier.model.model, transformer.urgency.model.model];
  return {
    models: asked.flatMap((model) => (model ? [`${model.name} ${model.version}`] : [])),
    predict: async (ticket) => {
      const { degraded, ...decision } = await decide(ticket);
      return { ...decision, degraded: degraded && !baseline };
    },
    termsOf: async (ticket) => {
      const { explanation } = await decide(ticket);
      const record = {
        ticket,
        source: null,
        explanation: {
          ...explanation,
          ticket_id: '',
          lane: { name: 'normal' as const, urgency_score: 0 },
          assignment: null,
          corrections: null,
        },
      };
      return (await explain(record, models)).category?.terms ?? [];
    },
    close: () => opened.close(),
  };
}
