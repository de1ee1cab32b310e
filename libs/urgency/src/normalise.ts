import { MAX_BODY_BYTES } from '@smart-support/contracts';

/** More combining marks than this on one letter are ornament; dropping them keeps Unicode normalisation linear. */
const ORNAMENT = /(\p{M}{4})\p{M}+/gu;

/** Most characters that are read: what one request may carry. */
const MAX_CHARACTERS = MAX_BODY_BYTES;

/**
 * Brings a text into the one form that phrases are written for: compatibility characters folded (NFKC), lower case,
 * curly quotes and dashes straight, every run of white space one blank, none at the ends.
 * Reads at most the first 65,536 characters, so the cost is bounded for any input.
 */
export function normalise(text: string): string {
  let clean = text.length > MAX_CHARACTERS ? text.slice(0, MAX_CHARACTERS) : text;
  if (/[\u0080-\uffff]/.test(clean)) {
    clean = clean.replace(ORNAMENT, '$1').normalize('NFKC').slice(0, MAX_CHARACTERS);
    clean = clean
      .replace(/[‘’ʼ´`]/g, "'")
      .replace(/[“”„«»]/g, '"')
      .replace(/[‐‑‒–—]/g, '-');
  }
  return clean.toLowerCase().replace(/\s+/g, ' ').trim();
}
