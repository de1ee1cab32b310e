import { areCommonMatters } from './are-common-matters';
import { decodeDense, decodeSparse, encodeDense, encodeSparse } from './encode-vectors';
import type { StormEntry } from './storm-entry';
import { quantisedVector } from '../vectors/quantised-vector';

type Unplaced<Entry> = Entry extends unknown ? Omit<Entry, 'id' | 'at_ms'> : never;

/** An entry without its place in the log. */
export type UnplacedEntry = Unplaced<StormEntry>;

/** Encodes an entry as JSON, with vectors as base64. */
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
 * Decodes an entry of {@link entryToJson}; `undefined` for an invalid one, which every reader of the log skips.
 * @param id - its place in the log
 * @param atMs - time of the entry, in milliseconds since 1970
 */
export function entryFromJson(id: string, atMs: number, json: string): StormEntry | undefined {
  try {
    const entry = JSON.parse(json) as StormEntry;
    if (!isWhole(entry)) return undefined;
    if (entry.kind !== 'arrived') return { ...entry, id, at_ms: atMs };
    const { embedding, words } = entry as unknown as ArrivedJson;
    return {
      ...entry,
      id,
      at_ms: atMs,
      embedding: embedding && { model: embedding.model, numbers: decodeDense(embedding.numbers).numbers },
      words: decodeSparse(words),
    };
  } catch {
    return undefined;
  }
}

/** The fields of each kind of entry, with their checks. Other kinds are not checked, because no reader applies them. */
const PARTS: Readonly<Record<StormEntry['kind'], Readonly<Record<string, (value: unknown) => boolean>>>> = {
  arrived: {
    ticket_id: isText,
    received_ms: Number.isFinite,
    requester: isTextOrNull,
    unvouched: isFlagIfAny,
    source: isTextIfAny,
    severe_signal: isTextOrNull,
    always_routed: isFlagIfAny,
    failure: isShare,
    identifiers: isText,
    is_machine: isFlag,
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

/** Whether an entry has all fields of its kind. */
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

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isFlagIfAny(value: unknown): boolean {
  return value === undefined || isFlag(value);
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1;
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
  const names = ['windowMs', 'ticketThreshold', 'similarity', 'baselineSimilarity', 'quietMs', 'reopenMs'];
  return names.every((name) => Number.isFinite(rules[name]));
}

interface ArrivedJson {
  readonly embedding: { readonly model: string; readonly numbers: string } | null;
  readonly words: ReturnType<typeof encodeSparse>;
}
