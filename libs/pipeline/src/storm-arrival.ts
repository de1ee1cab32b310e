import {
  type Claim,
  type Decision,
  type StormArrival,
  type StormExclusion,
  type Storms,
  type TicketRecord,
  type Vectoriser,
  isSmartSupportError,
  requesterKey,
} from '@smart-support/contracts';
import {
  identifiersIn,
  isInForeignScript,
  isMostlyLongWords,
  isRecovery,
  saysSomething,
  withoutParticulars,
} from '@smart-support/ticket-text';
import type { ModelAnswers } from './ask-models';

/** Whose callers vouch for the `requester` of a ticket. */
export interface VouchedSenders {
  /** Channels; upper and lower case are the same. None: any channel. */
  readonly channels: readonly string[];
  /** Names of API keys. None: any key, or none. */
  readonly keys: readonly string[];
}

/** What of a ticket says who vouches for it. */
export type VouchedTicket = Pick<TicketRecord, 'channel' | 'source'>;

/** Names who sent a ticket, as storms count them: keys of one trust domain are one; `null` where no key is known. */
export function stormSourceOf({ source }: Pick<TicketRecord, 'source'>): string | null {
  return source && `domain ${source.domain}`;
}

/**
 * A test of whether the caller vouches for the `requester` of a ticket: it came with one of the keys, and by one of the channels. Where neither is
 * named, all callers do. A channel is what the caller says that it is: it proves something only of callers that are trusted to say it.
 */
export function vouchedTest({ channels, keys }: VouchedSenders): (record: VouchedTicket) => boolean {
  const known = new Set(channels.map((channel) => channel.toLowerCase()));
  return (record) => {
    const key = record.source?.key;
    const isKey = keys.length === 0 || (key !== undefined && keys.includes(key));
    return isKey && (known.size === 0 || known.has(record.channel?.trim().toLowerCase() ?? ''));
  };
}

/** Which tickets come from programs, not people. */
export interface MachineSenders {
  /** Channels that only programs write to; upper and lower case are the same. */
  readonly channels: readonly string[];
  /** Patterns of requesters, in which `*` stands for anything: `alert*@*`. */
  readonly senders: readonly string[];
}

/** What of a ticket says who sent it. */
export interface Sender {
  readonly requester?: string | null | undefined;
  readonly channel?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A test of whether a program sent a ticket: by its channel, its requester, or because its metadata say `machine: true`. */
export function machineTest({ channels, senders }: MachineSenders): (sender: Sender) => boolean {
  const known = new Set(channels.map((channel) => channel.toLowerCase()));
  const patterns = senders.map((sender) => sender.toLowerCase().split('*'));
  return ({ channel, metadata, requester }) => {
    if (metadata?.['machine'] === true || (channel && known.has(channel.trim().toLowerCase()))) return true;
    const key = requesterKey(requester);
    return key !== null && patterns.some((parts) => matches(key, parts));
  };
}

/** Whether a text is the given parts in their order, with anything between them. */
function matches(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts;
  if (others.length === 0) return text === first;
  const last = others.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of others) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= text.length - last.length;
}

/** From this share on, a text is mostly unknown to the model: all unknown words become the same token. */
const MOSTLY_UNKNOWN = 0.5;

/** Special tokens around a text. */
const SPECIAL_TOKENS = 2;

/** What else is known of a ticket. */
export interface ArrivalContext {
  readonly isMachine: boolean;
  /** Whether it is a machine's answer to a mail. */
  readonly isAutomated: boolean;
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
  { isMachine, isAutomated, severe_signal, isAlwaysRouted, isVouched, source, words }: ArrivalContext,
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
    keptOut: isAutomated ? 'automated' : exclusionOf(text, embedded),
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

/**
 * Decides about a ticket as part of a storm: what it is noted as, and what becomes of the decision by that. A vector that storms cannot take
 * must not cost a ticket its agent: then its words speak for it.
 */
export async function judgeStorm(
  storms: Storms,
  claim: Claim,
  decision: Decision,
  arrival: StormArrival,
): Promise<Decision> {
  const storm = await storms.judge(claim, arrival).catch((error: unknown) => {
    if (arrival.embedding === null || !isSmartSupportError(error, 'invalid_input')) throw error;
    return storms.judge(claim, { ...arrival, embedding: null });
  });
  const { id, similarity } = storm.incident ?? storm.nearest ?? {};
  const incident =
    id === undefined || similarity === undefined
      ? null
      : { id, similarity, ...(storm.routed_signal === null ? {} : { severe_signal: storm.routed_signal }) };
  const kept_out = arrival.keptOut ?? storm.kept_out;
  const explanation = { ...decision.explanation, incident, storm_exclusion: kept_out };
  return { ...decision, storm: { ...storm, kept_out }, explanation };
}
