/** FNV-1a's 32-bit offset and prime (Fowler, Noll, Vo; RFC 9923), fed with 16-bit codes instead of bytes. */
export const HASH_START = 0x811c9dc5 | 0;
const HASH_PRIME = 0x01000193;

/** Takes one more character code into a hash. */
export function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, HASH_PRIME);
}

/** The hash of two words in this order. */
export function hashPair(first: number, second: number): number {
  return Math.imul(Math.imul(first, HASH_PRIME) ^ second, HASH_PRIME);
}

/**
 * A feature's number: 30 well-mixed bits of the hash below the two bits of the kind (xor-shift and multiply,
 * as in MurmurHash3's finaliser). It is signed, for typed arrays of 32-bit integers, and never 0, which marks an empty place.
 */
export function featureNumber(hash: number, kind: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  mixed = ((mixed ^ (mixed >>> 16)) & 0x3fffffff) | (kind << 30);
  return mixed === 0 ? 1 : mixed;
}

/** The kind that {@link featureNumber} put into a feature's number. */
export function kindOfFeature(feature: number): number {
  return feature >>> 30;
}

/** The hash of a whole cleaned word. */
export function hashWord(word: string): number {
  let hash = HASH_START;
  for (let i = 0; i < word.length; i++) hash = hashStep(hash, word.charCodeAt(i));
  return hash;
}
