import { Tokenizer } from '@huggingface/tokenizers';
import type { JsonObject } from '../directory/json-file';

/** The part of a Hugging Face tokenizer that is used here. */
export interface HuggingFaceTokenizer {
  /** The ids of a text or of two joined ones, without truncation or padding. */
  encode(
    text: string,
    options?: { text_pair?: string; add_special_tokens?: boolean; return_token_type_ids?: boolean },
  ): { readonly ids: readonly number[]; readonly token_type_ids?: readonly number[] };
  /** The tokens of a text, without special tokens around it. */
  tokenize(text: string): readonly string[];
  /** Puts the special tokens around the tokens of a text or of two. */
  readonly post_processor: {
    post_process(first: string[], second: string[] | null, special: boolean): { readonly tokens: readonly string[] };
  } | null;
}

/** The types of version 0.2 do not resolve from CommonJS (relative imports without extension in an ES module): these are its facts. */
const Implementation: new (tokenizer: JsonObject, config: JsonObject) => HuggingFaceTokenizer = Tokenizer;

/**
 * Makes a tokenizer from the contents of tokenizer.json and tokenizer_config.json.
 * @throws Error if they do not describe one
 */
export function makeTokenizer(tokenizer: JsonObject, config: JsonObject): HuggingFaceTokenizer {
  return new Implementation(tokenizer, config);
}
