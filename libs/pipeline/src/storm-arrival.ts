import type { StormArrival, StormExclusion, Vectoriser } from '@smart-support/contracts';
import {
  identifiersIn,
  isInForeignScript,
  isMostlyLongWords,
  isRecovery,
  saysSomething,
  withoutParticulars,
} from '@smart-support/ticket-text';
import type { ModelAnswers } from './ask-models';

/** From this share on, a text is mostly unknown to the model: all unknown words become the same token. */
const MOSTLY_UNKNOWN = 0.5;

/** Special tokens around a text. */
const SPECIAL_TOKENS = 2;

/** What else is known of a ticket. */
export interface ArrivalContext {
  readonly isMachine: boolean;
  /** See {@link StormArrival.severe_signal}. */
  readonly severe_signal: string | null;
  /** See {@link StormArrival.isAlwaysRouted}. */
  readonly isAlwaysRouted: boolean;
  /** See {@link StormArrival.isVouched}. */
  readonly isVouched: boolean;
  /** See {@link StormArrival.source}. */
  readonly source: string | null;
  readonly words: Vectoriser;
}

/**
 * What storms know of a ticket. A text that the model could not read, or that says nothing, is compared with no other: it would be similar to all that are as
 * unreadable. A program's message is compared by its words without hosts and numbers, for these differ where the trouble is the same.
 * @param text - as the models read it
 */
export function stormArrival(
  text: string,
  { embedding, embedded, failure }: Pick<ModelAnswers, 'embedding' | 'embedded' | 'failure'>,
  { isMachine, severe_signal, isAlwaysRouted, isVouched, source, words }: ArrivalContext,
): StormArrival {
  if (isMachine) {
    const keptOut = isRecovery(text) ? 'recovery' : null;
    const about = words.vectorise(withoutParticulars(text));
    // An alarm always reports a failure.
    const common = { severe_signal, isAlwaysRouted, failure: 1, identifiers: '', isVouched, source };
    return { embedding: null, words: about, ...common, isMachine, keptOut };
  }
  return {
    embedding,
    words: words.vectorise(text),
    severe_signal,
    isAlwaysRouted,
    // Two decimals, because the log has it for every ticket.
    failure: Math.round(100 * failure) / 100,
    identifiers: identifiersIn(text),
    isVouched,
    source,
    isMachine,
    keptOut: exclusionOf(text, embedded),
  };
}

/**
 * Why a person's text is compared with no other; `null` if it is.
 * @param text - as the models read it
 * @param embedded - how the embedder's run went; `null` where no model read it
 */
export function exclusionOf(text: string, embedded: ModelAnswers['embedded']): StormExclusion | null {
  if (embedded) {
    const { tokens, unknown_tokens, truncated } = embedded;
    const isUnknown = unknown_tokens > 0 && unknown_tokens >= MOSTLY_UNKNOWN * (tokens - SPECIAL_TOKENS);
    const isUnreadable = unknown_tokens > 0 && (isInForeignScript(text) || isMostlyLongWords(text));
    if (isUnknown || isUnreadable) return 'unknown_words';
    if (truncated) return 'truncated';
  }
  return saysSomething(text) ? null : 'nothing_said';
}
