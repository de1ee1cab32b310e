const LETTER = /\p{L}/gu;
const LATIN = /\p{Script=Latin}/u;

/** Whether most letters of a text, of its first thousands at least, are of another script than the Latin one; `false` for a text without letters. */
export function isMostlyForeignScript(text: string): boolean {
  let letters = 0;
  let latin = 0;
  for (const [letter] of text.slice(0, LOOKED_AT).matchAll(LETTER)) {
    letters += 1;
    if (LATIN.test(letter)) latin += 1;
  }
  return 2 * latin < letters;
}

/** More tells nothing new. */
const LOOKED_AT = 4_000;
