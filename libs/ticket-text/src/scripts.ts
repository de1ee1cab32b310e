import { saysSomething } from './says-something';

const LETTER = /\p{L}/gu;
const LATIN = /\p{Script=Latin}/u;

/** Characters: more tells nothing new. */
const LOOKED_AT = 4_000;

/** `false` for a text without letters. */
function isMostlyForeignScript(text: string): boolean {
  let letters = 0;
  let latin = 0;
  for (const [letter] of text.slice(0, LOOKED_AT).matchAll(LETTER)) {
    letters += 1;
    if (LATIN.test(letter)) latin += 1;
  }
  return 2 * latin < letters;
}

/**
 * Whether a text is written in another script than the Latin one, by most of its letters or by those of its first line that says something: the content stands
 * there, and a signature in Latin letters below it may be longer.
 */
export function isInForeignScript(text: string): boolean {
  if (isMostlyForeignScript(text)) return true;
  const line = text.slice(0, LOOKED_AT).split('\n').find(saysSomething);
  return line !== undefined && isMostlyForeignScript(line);
}
