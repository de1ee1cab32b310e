import { createHash } from 'node:crypto';
import { wordsOf } from './words';

const HAS_DIGIT = /\p{N}/u;
const BEGINS_UPPER = /^\p{Lu}/u;
const HAS_LOWER = /\p{Ll}/u;

/** Always written with a capital, and no name. */
const NO_NAMES = new Set(['i', "i'm", "i've", "i'd", "i'll", 'i’m', 'i’ve', 'i’d', 'i’ll', 'ok']);

/** Bytes of the digest: enough that two people's orders do not meet by chance. */
const DIGEST_BYTES = 9;

/**
 * Names what a text is about that may be one person's own: words with a digit (an order, a booking, a sum, a date), mail addresses, and names, which are words
 * that begin with a capital inside a sentence. Two texts about the same things have the same result, whatever else they say and however their letters with
 * marks are encoded.
 * @returns a digest that does not reveal what was named, or '' for a text that names nothing of the kind
 */
export function identifiersIn(text: string): string {
  const found = new Set<string>();
  // In a text all in capitals a capital says nothing.
  const capitalsCount = HAS_LOWER.test(text);
  for (const { word, beginsSentence } of wordsOf(text)) {
    const plain = word.toLowerCase();
    const isName = capitalsCount && !beginsSentence && BEGINS_UPPER.test(word) && !NO_NAMES.has(plain);
    if (HAS_DIGIT.test(word) || word.includes('@') || isName) found.add(plain);
  }
  if (found.size === 0) return '';
  const named = JSON.stringify([...found].sort());
  return createHash('sha256').update(named).digest().subarray(0, DIGEST_BYTES).toString('base64url');
}
