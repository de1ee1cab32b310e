/** From the first letter or digit to the last, with the marks on it: a word without the punctuation around it. */
const WORD = /[\p{L}\p{N}](?:.*[\p{L}\p{N}])?\p{M}*/su;

/** No word is longer; the rest of a longer piece is not looked at, so that a pattern's time stays linear in the text. */
const LONGEST_WORD = 100;

/** A piece of a text between white space. */
export interface Word {
  /** Without the punctuation around it; '' if it is nothing else. */
  readonly word: string;
  /** Whether a new sentence or line begins with it, as far as punctuation shows. */
  readonly beginsSentence: boolean;
}

/** Characters of a text that are looked at: who asks wants to know what a message is about, and it says so early. */
const LOOKED_AT = 4_000;

/** Code units that one character of the composed form is decomposed into, at most. */
const DECOMPOSED = 4;

/** What no language writes: composing takes time quadratic in the number of marks on one letter. */
const SURPLUS_MARKS = /(\p{M}{30})\p{M}+/gu;

/**
 * The beginning of a text in Unicode's composed form (NFC): the same whether an `ü` came as one character or as two.
 * @returns up to 4,000 characters
 */
export function beginningOf(text: string): string {
  const beginning = text.slice(0, DECOMPOSED * LOOKED_AT).replace(SURPLUS_MARKS, '$1');
  return beginning.normalize('NFC').slice(0, LOOKED_AT);
}

/** The words of the beginning of a text, in order and in composed form. */
export function* wordsOf(text: string): Generator<Word> {
  let beginsSentence = true;
  for (const [, piece = '', gap = ''] of beginningOf(text).matchAll(/(\S+)(\s*)/gu)) {
    const word = WORD.exec(piece.slice(0, LONGEST_WORD))?.[0] ?? '';
    if (word !== '') yield { word, beginsSentence };
    beginsSentence = /[.!?]["')\]]?$/u.test(piece.slice(-2)) || gap.includes('\n') || (beginsSentence && word === '');
  }
}
