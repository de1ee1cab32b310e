import { wholeRules } from '../rules';
import { areCommonMatters } from './are-common-matters';
import { decodeDense, decodeSparse, encodeDense, encodeSparse } from './encode-vectors';
import type { StormEntry } from './storm-entry';
import { quantisedVector } from '../vectors/quantised-vector';

type Unplaced<Entry> = Entry extends unknown ? Omit<Entry, 'id' | 'at_ms'> : never;

/** An entry without the place that the log gives it. */
export type UnplacedEntry = Unplaced<StormEntry>;

/** An entry as a log can keep it: JSON, vectors as base64. */
export function entryToJson(entry: UnplacedEntry): string {
  if (entry.kind !== 'arrived') return JSON.stringify(entry);
  const { embedding, words } = entry;
  return JSON.stringify({
    ...entry,
    embedding: embedding && { model: embedding.model, numbers: encodeDense(quantisedVector(embedding.numbers)) },
    words: encodeSparse(words),
  });
}

/**
 * The entry that {@link entryToJson} wrote; `undefined` for what nobody can read, which every reader of the log then leaves out alike.
 * @param id - its place in the log
 * @param atMs - when it was written, in milliseconds since 1970
 */
export function entryFromJson(id: string, atMs: number, json: string): StormEntry | undefined {
  try {
    const entry = JSON.parse(json) as StormEntry;
    if (!isWhole(entry)) return undefined;
    if (entry.kind === 'rules') return { ...entry, rules: wholeRules(entry.rules), id, at_ms: atMs };
    if (entry.kind !== 'arrived') return { ...entry, id, at_ms: atMs };
    const { embedding, words, failure, identifiers, is_machine } = entry as unknown as ArrivedJson;
    return {
      ...entry,
      id,
      at_ms: atMs,
      embedding: embedding && { model: embedding.model, numbers: decodeDense(embedding.numbers).numbers },
      words: decodeSparse(words),
      // What was written before these were known takes part as it did then.
      failure: failure ?? 1,
      identifiers: identifiers ?? '',
      is_machine: is_machine === true,
    };
  } catch {
    return undefined;
  }
}

/** What each kind of entry must say, and as what. Kinds of a later version are for whoever knows them. */
const PARTS: Readonly<Record<StormEntry['kind'], Readonly<Record<string, (value: unknown) => boolean>>>> = {
  arrived: {
    ticket_id: isText,
    received_ms: Number.isFinite,
    requester: isTextOrNull,
    unvouched: isFlagIfAny,
    source: isTextIfAny,
    severe_signal: isTextOrNull,
    always_routed: isFlagIfAny,
    failure: isShareIfAny,
    identifiers: isTextIfAny,
    member_of: isMembershipIfAny,
  },
  tick: {},
  rules: { rules: areRules },
  reference: { reference: areCommonMatters },
  opened_by_hand: { incident_id: isText, title: isText, ticket_ids: areTexts },
  suspected: { incident_id: isText, ticket_ids: areTexts, similarity: Number.isFinite },
  confirmed: { incident_id: isText },
  rejected: { incident_id: isText },
  resolved: { incident_id: isText },
  unlinked: { incident_id: isText, ticket_id: isText },
};

/** Whether whoever applies an entry finds all that it looks for. */
function isWhole(entry: StormEntry): boolean {
  if (!Object.hasOwn(PARTS, entry.kind)) return isText(entry.kind);
  const values = entry as unknown as Readonly<Record<string, unknown>>;
  return Object.entries(PARTS[entry.kind]).every(([name, isOne]) => isOne(values[name]));
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isTextOrNull(value: unknown): boolean {
  return value === null || isText(value);
}

function isTextIfAny(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isFlagIfAny(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean';
}

function isShareIfAny(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && value >= 0 && value <= 1);
}

function isMembershipIfAny(value: unknown): boolean {
  if (value === undefined) return true;
  const { incident_id, similarity } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return isText(incident_id) && Number.isFinite(similarity);
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function areRules(value: unknown): boolean {
  const rules = (value ?? {}) as Readonly<Record<string, unknown>>;
  const names = ['windowMs', 'ticketThreshold', 'similarity', 'baselineSimilarity', 'quietMs'];
  const isReopenMs = rules.reopenMs === undefined || Number.isFinite(rules.reopenMs);
  return isReopenMs && names.every((name) => Number.isFinite(rules[name]));
}

interface ArrivedJson {
  readonly embedding: { readonly model: string; readonly numbers: string } | null;
  readonly words: ReturnType<typeof encodeSparse>;
  readonly failure?: number;
  readonly identifiers?: string;
  readonly is_machine?: boolean;
}
