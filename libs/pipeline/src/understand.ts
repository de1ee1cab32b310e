import {
  type Clock,
  type Decision,
  type MaybePromise,
  REVIEW_REASONS,
  type StormArrival,
  type TicketRecord,
  type UrgencyPrediction,
} from '@smart-support/contracts';
import { isAutomated, isInForeignScript, newMessageOf, readableText, saysSomething } from '@smart-support/ticket-text';
import { askModels } from './ask-models';
import { type Sender, stormArrival, type VouchedTicket, stormSourceOf } from './storm-arrival';
import type { TicketModels } from './models';
import type { PipelineObserver, Stage } from './observer';

/** What {@link understand} needs. */
export interface UnderstandingDependencies {
  readonly models: TicketModels;
  readonly clock: Clock;
  readonly observer: PipelineObserver;
  /** Urgency strictly above which an alert is due, in [0, 1]. */
  readonly alertThreshold: number;
  /** Signals of the urgency baseline by which a ticket of a storm is routed if its incident's founders do not have them. */
  readonly novelSignals: readonly string[];
  /** Those by which a ticket is routed in any incident, also where the founders have them. */
  readonly alwaysRoutedSignals: readonly string[];
  /** Whether a program sent a ticket. */
  readonly isMachine: (sender: Sender) => boolean;
  /** Whether its caller vouches for the requester of a ticket. */
  readonly isVouched: (record: VouchedTicket) => boolean;
  /** The language of a text as ISO 639-1 names it, `null` where that is not sure; never throws. No language is known by default. */
  readonly languageOf?: (text: string) => string | null;
  /** Awaited before each stage, so that the stages of several tickets need not share one turn of the event loop; nothing by default. */
  readonly beforeStage?: () => MaybePromise<void>;
}

/** What was understood of a ticket: the decision, and what storms know of it. */
export interface Understanding {
  readonly decision: Decision;
  readonly arrival: StormArrival;
}

/** What a ticket is understood by. */
export interface Understandable extends Pick<TicketRecord, 'channel' | 'metadata' | 'source'> {
  readonly ticket: Pick<TicketRecord['ticket'], 'text' | 'subject' | 'requester'>;
}

/** A ticket as it is read. */
export interface ReadTicket {
  /** What models read: the subject above the new message, as far as there are both. */
  readonly text: string;
  /** What is newly written in the text. */
  readonly newMessage: string;
}

/** What is read of a ticket: its subject and what is newly written in its text, both without markup. */
export function readTicket(ticket: {
  readonly text: string;
  readonly subject?: string | null | undefined;
}): ReadTicket {
  const newMessage = newMessageOf(ticket.text);
  const subject = readableText(ticket.subject ?? '');
  return { text: subject && newMessage ? `${subject}\n${newMessage}` : subject || newMessage, newMessage };
}

/** What models read of a ticket. */
export const textOf = (ticket: Parameters<typeof readTicket>[0]): string => readTicket(ticket).text;

/** What the bundled models were trained on. */
const KNOWN_LANGUAGE = 'en';

/** To the microsecond. */
const roundedMs = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

/**
 * Turns a ticket's words into a category and an urgency, with the reasons, and into what storms compare.
 * @param prescored - the baseline's urgency, where this process scored it before enqueuing
 */
export async function understand(
  record: Understandable,
  deps: UnderstandingDependencies,
  prescored?: UrgencyPrediction,
): Promise<Understanding> {
  const {
    models,
    clock,
    observer,
    alertThreshold,
    novelSignals,
    alwaysRoutedSignals,
    languageOf = () => null,
    beforeStage = () => undefined,
  } = deps;
  await beforeStage();
  const { ticket, channel, metadata } = record;
  const { text, newMessage } = readTicket(ticket);
  const timings: Record<string, number> = {};

  const timed = async <T>(stage: Stage, work: () => MaybePromise<T>): Promise<T> => {
    await beforeStage();
    const start = clock.monotonic();
    const result = await work();
    const milliseconds = clock.monotonic() - start;
    timings[`${stage}_ms`] = roundedMs((timings[`${stage}_ms`] ?? 0) + milliseconds);
    observer.stage?.(stage, milliseconds);
    return result;
  };
  const baselineUrgency = async (stage: Stage): Promise<UrgencyPrediction> =>
    prescored ?? timed(stage, () => models.baseline.urgency.score({ text }));

  const answers = await askModels(text, {
    models,
    observer,
    beforeStage,
    timed,
    baselineUrgency,
  });

  const { category, uses, fallback } = answers;
  // The subject may be a program's, in another language.
  const language = languageOf(newMessage) ?? languageOf(text);
  // A model of the user's own may know any language; the bundled ones know English.
  const isForeign = !category.run && (language === null ? isInForeignScript(text) : language !== KNOWN_LANGUAGE);
  // Of a language that it does not know the head may say anything; the baseline says nothing, but for the commonest words of emergency.
  const urgency = isForeign && !answers.urgency.run ? await baselineUrgency('score_urgency') : answers.urgency;

  // A custom urgency model reports no signals.
  const { hits } = urgency.run ? await baselineUrgency('fall_back') : urgency;
  const strongestOf = (signals: readonly string[]) =>
    hits.find(({ signal }) => signals.includes(signal))?.signal ?? null;
  // An always-routed signal is not hidden by a stronger novel one.
  const always = strongestOf(alwaysRoutedSignals);
  const severe = { severe_signal: always ?? strongestOf(novelSignals), isAlwaysRouted: always !== null };
  const truncated = uses.some(({ run }) => run?.truncated);
  const review_reasons = REVIEW_REASONS.filter(
    (reason) =>
      category.review_reasons.includes(reason) ||
      (reason === 'language' && isForeign) ||
      (reason === 'too_short' && !saysSomething(text)) ||
      (reason === 'truncated' && truncated),
  );
  const needs_review = review_reasons.length > 0;
  const isMachine = deps.isMachine({ requester: ticket.requester, channel, metadata });
  // A monitor's alarm answers no mail, whatever its header says.
  const automated = !isMachine && isAutomated({ subject: ticket.subject, text: newMessage, metadata });
  const decision: Decision = {
    category: category.category,
    confidence: category.confidence,
    needs_review,
    review_reasons,
    urgency_score: urgency.urgency_score,
    model: category.model.family,
    degraded: fallback !== null,
    language,
    automated,
    explanation: {
      category: {
        label: category.category,
        confidence: category.confidence,
        needs_review,
        review_reasons,
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
      truncated,
      incident: null,
      storm_exclusion: null,
      timings,
    },
  };
  const sender = {
    isMachine,
    isAutomated: automated,
    isVouched: deps.isVouched(record),
    source: stormSourceOf(record),
  };
  await beforeStage();
  return { decision, arrival: stormArrival(text, answers, { ...sender, ...severe, words: models.baseline.words }) };
}
