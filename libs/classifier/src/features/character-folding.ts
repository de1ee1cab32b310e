/** Codes that {@link foldCharacter} gives beside those of letters. */
export const FOLDED = {
  /** Anything that ends a word. */
  separator: 0x20,
  /** Any digit; a run of them becomes one, for an amount or a number says nothing about the category. */
  digit: 0x30,
  /** Any currency sign; a word by itself. */
  currency: 0x24,
  /** Apostrophes: left out, so that "don't" and "dont" are one word. */
  nothing: 0,
} as const;

const LETTER = /[\p{L}\p{M}]/u;
const DIGIT = /\p{N}/u;
const CURRENCY = /\p{Sc}/u;
const APOSTROPHE = /['\u2018\u2019\u201b\u02bc]/;

function fold(code: number): number {
  const character = String.fromCharCode(code).toLowerCase();
  if (LETTER.test(character)) return character.charCodeAt(0);
  if (DIGIT.test(character)) return FOLDED.digit;
  if (CURRENCY.test(character)) return FOLDED.currency;
  return APOSTROPHE.test(character) ? FOLDED.nothing : FOLDED.separator;
}

const ASCII_END = 0x80;
const ASCII = Uint16Array.from({ length: ASCII_END }, (_, code) => fold(code));
const UNKNOWN = 0xffff;
let rest: Uint16Array | undefined;

/** The folded code of a UTF-16 code unit. Surrogates (emoji, and halves without a partner) separate words. */
export function foldCharacter(code: number): number {
  if (code < ASCII_END) return ASCII[code] as number;
  rest ??= new Uint16Array(0x10000).fill(UNKNOWN);
  let folded = rest[code] as number;
  if (folded === UNKNOWN) {
    folded = fold(code);
    rest[code] = folded;
  }
  return folded;
}

/**
 * The most UTF-16 code units that are read of a text, before and after its spelling is unified, which makes 18 letters of one that is a whole phrase (U+FDFA).
 * Twice what the pipeline passes of the longest ticket.
 */
export const MAX_CHARACTERS_READ = 16 * 1024;

/** A letter with more marks on it than any language writes. Ordering them costs Unicode the square of their number. */
const PILED_MARKS = /(\p{M}{8})\p{M}+/gu;

/**
 * Text in one spelling (NFKC, lower case), so that similar characters count as the same, and of bounded length.
 * Plain ASCII comes back as it is: {@link foldCharacter} lowers its case on the way.
 */
export function unifySpelling(text: string): string {
  const read = text.length > MAX_CHARACTERS_READ ? text.slice(0, MAX_CHARACTERS_READ) : text;
  for (let i = 0; i < read.length; i++) {
    if (read.charCodeAt(i) >= ASCII_END) {
      return read.replace(PILED_MARKS, '$1').normalize('NFKC').toLowerCase().slice(0, MAX_CHARACTERS_READ);
    }
  }
  return read;
}
