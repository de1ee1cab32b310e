import type { JsonObject } from './json-file';

/** What says how many tokens a model reads. */
export interface LengthSources {
  readonly manifest: JsonObject | undefined;
  /** `sentence_bert_config.json`. */
  readonly sentenceBert: JsonObject | undefined;
  readonly tokenizerConfig: JsonObject;
  readonly config: JsonObject;
}

/** `model_max_length` of a tokenizer that knows no limit is a huge number; no model here reads so much. */
const SENTINEL_FROM = 1_000_000;

/** BERT's own length, for a directory that says nothing at all. */
const FALLBACK = 512;

/** Models that count positions from after the padding token, so that the first rows of the position table are never used. */
const POSITIONS_AFTER_PADDING = new Set([
  'roberta',
  'roberta-prelayernorm',
  'xlm-roberta',
  'xlm-roberta-xl',
  'camembert',
  'longformer',
  'mpnet',
  'data2vec-text',
]);

function length(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < SENTINEL_FROM ? value : undefined;
}

function positions(config: JsonObject): number {
  const rows = length(config['max_position_embeddings']);
  if (rows === undefined) return Number.POSITIVE_INFINITY;
  if (!POSITIONS_AFTER_PADDING.has(String(config['model_type']))) return rows;
  const padding = config['pad_token_id'];
  return rows - (typeof padding === 'number' ? padding : 1) - 1;
}

/** How many tokens a model reads, special tokens included: what its files say, never more than it has positions for. */
export function maxTokensOf({ manifest, sentenceBert, tokenizerConfig, config }: LengthSources): number {
  const limit = positions(config);
  const stated =
    length(manifest?.['max_sequence_tokens']) ??
    length(sentenceBert?.['max_seq_length']) ??
    length(tokenizerConfig['model_max_length']);
  return Math.min(stated ?? (Number.isFinite(limit) ? limit : FALLBACK), limit);
}
