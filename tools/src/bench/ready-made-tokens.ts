import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';

/** The types of version 0.2 do not resolve from CommonJS: the used part of them. */
const BareTokenizer: new (
  tokenizer: unknown,
  config: unknown,
) => { encode(text: string): { readonly ids: readonly number[] } } = Tokenizer;

/**
 * Tokenises texts before anything is measured.
 * @param maxTokens - longer texts lose their end; the special token that closes a text is kept
 */
export function readyMadeTokens(
  directory: string,
  texts: readonly string[],
  maxTokens: number,
): readonly (readonly number[])[] {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(directory, name), 'utf8')) as unknown;
  const tokenizer = new BareTokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
  return texts.map((text) => {
    const { ids } = tokenizer.encode(text);
    return ids.length <= maxTokens ? ids : [...ids.slice(0, maxTokens - 1), ...ids.slice(-1)];
  });
}
