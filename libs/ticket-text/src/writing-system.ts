import { saysSomething } from './says-something';
import { beginningOf } from './words';

const LETTER = /\p{L}/gu;
const LATIN = /\p{Script=Latin}/u;

/** `false` for a text without letters. */
function isMostlyForeignScript(text: string): boolean {
  let letters = 0;
  let latin = 0;
  for (const [letter] of text.matchAll(LETTER)) {
    letters += 1;
    if (LATIN.test(letter)) latin += 1;
  }
  return 2 * latin < letters;
}

/**
 * Whether a text is written in another script than the Latin one, by most of the letters of its beginning or by those of its first line that says something:
 * the content stands there, and a signature in Latin letters below it may be longer.
 */
export function isInForeignScript(text: string): boolean {
  const beginning = beginningOf(text);
  if (isMostlyForeignScript(beginning)) return true;
  const line = beginning.split('\n').find(saysSomething);
  return line !== undefined && isMostlyForeignScript(line);
}
