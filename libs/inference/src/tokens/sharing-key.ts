import { type JsonObject, isJsonObject } from '../directory/json-file';
import { makeTokenizer } from './hugging-face-tokenizer';

/**
 * Longer texts are only equal to themselves: cleaning one of this length takes somewhat less than a millisecond
 * of the main thread, and two long texts that differ in nothing but case are rare.
 */
const LONGEST_CLEANED = 4096;

/** Tokenizers to which any run of white space is one boundary between words and nothing else. */
const BLIND_TO_WHITE_SPACE = new Set(['BertPreTokenizer', 'WhitespaceSplit']);

/**
 * Makes the function that gives texts a key, such that texts with equal keys are cut into equal tokens.
 * It runs the tokenizer's own first steps (special tokens, then the normaliser) without its vocabulary;
 * the rest of the tokenizer sees nothing but their result.
 * @throws Error if tokenizer.json does not describe a tokenizer
 */
export function sharingKey(tokenizer: JsonObject, tokenizerConfig: JsonObject): (text: string) => string {
  // A model that is only a vocabulary hands its input on as it is.
  const firstSteps = makeTokenizer(
    { ...tokenizer, model: { vocab: {} }, pre_tokenizer: null, post_processor: null, decoder: null },
    tokenizerConfig,
  );
  const preTokenizer = tokenizer['pre_tokenizer'];
  const blind = isJsonObject(preTokenizer) && BLIND_TO_WHITE_SPACE.has(String(preTokenizer['type']));
  return (text) => {
    if (text.length > LONGEST_CLEANED) return `raw:${text}`;
    const sections = firstSteps.tokenize(text);
    return `cut:${JSON.stringify(blind ? sections.map((section) => section.replace(/\s+/g, ' ').trim()) : sections)}`;
  };
}
