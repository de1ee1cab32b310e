import type { PhraseMatch } from './phrase-index';

/** Words that may stand between a negation and what it negates: "not (a) (very) (big) danger". */
const WORDS_BETWEEN = 3;
/** A negation further away than this, in characters, is not looked at: keeps the search linear in the text. */
const FARTHEST = 40;
/** Where one thought ends and the next begins; a negation does not reach across. */
const THOUGHT_ENDS = /[!(),./:;?-]|\b(?:and|but|or|so|because)\b/;

/**
 * The matches that are not part of a longer one. In "nobody answers" the negation belongs to the phrase and negates nothing after it;
 * in "not urgent" the pressing word belongs to the calming phrase.
 * @param matches - by where they start
 * @param others - what could contain them, by where they start
 */
export function outside(matches: readonly PhraseMatch[], others: readonly PhraseMatch[]): PhraseMatch[] {
  let next = 0;
  /** Where the last of the others began, how far those that begin there reach, and how far those before it do. */
  let here = -1;
  let farthestFromHere = -1;
  let farthestFromBefore = -1;
  return matches.filter(({ start, end }) => {
    for (let other = others[next]; other && other.start <= start; other = others[++next]) {
      if (other.start > here) {
        farthestFromBefore = Math.max(farthestFromBefore, farthestFromHere);
        farthestFromHere = -1;
        here = other.start;
      }
      farthestFromHere = Math.max(farthestFromHere, other.end);
    }
    const startsWithThem = start === here;
    const fromBefore = startsWithThem ? farthestFromBefore : Math.max(farthestFromBefore, farthestFromHere);
    return fromBefore < end && !(startsWithThem && farthestFromHere > end);
  });
}

/** Whether one of some words stands shortly before a match, in the same thought. */
export class WordsBefore {
  readonly #text: string;
  readonly #words: readonly PhraseMatch[];
  #next = 0;

  /** @param words - in the order of the text */
  constructor(text: string, words: readonly PhraseMatch[]) {
    this.#text = text;
    this.#words = words;
  }

  /** To be asked in the order of the text: it moves along with the matches. */
  reach(match: PhraseMatch): boolean {
    while (this.#next < this.#words.length && (this.#words[this.#next]?.start ?? Infinity) < match.start)
      this.#next += 1;
    for (let index = this.#next - 1; index >= 0; index--) {
      const word = this.#words[index];
      if (!word || match.start - word.start > FARTHEST) return false;
      if (word.end > match.start) continue;
      const between = this.#text.slice(word.end, match.start);
      if (!THOUGHT_ENDS.test(between) && between.split(' ').length - 2 <= WORDS_BETWEEN) return true;
    }
    return false;
  }
}
