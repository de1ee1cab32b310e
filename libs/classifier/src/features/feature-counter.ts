import { FOLDED, foldCharacter, unifySpelling } from './character-folding';
import { featureNumber, HASH_START, hashPair, hashStep, hashWord } from './feature-hash';
import { FEATURE_KINDS, type FeatureSettings } from './feature-settings';
import { MailLines } from './mail-lines';
import { NumberIndex } from './number-index';
import type { OccurrenceLog } from './occurrence-log';
import { STOP_WORDS } from './stop-words';

/** Most different features counted in one text; what comes later in a longer text is left out. Keeps memory bounded. */
export const MAX_DISTINCT_FEATURES = 16_384;

/** A longer word is cut into pieces of this length: it is a key, a link or an attack, and not a word. */
export const MAX_WORD_LENGTH = 64;

const LARGEST_TABLE = 4 * MAX_DISTINCT_FEATURES;
const SMALLEST_TABLE = 512;

/** Counts are kept in halves: a quoted line counts half as much as the writer's own words. */
const OWN = 2;
const QUOTED = 1;

const STOP_HASHES = new NumberIndex(STOP_WORDS.map(hashWord));

/**
 * Counts the features of one text after another. All memory is taken once and used again, no n-gram becomes a string,
 * and the work is linear in the text. The result stays in the counter until the next text.
 */
export class FeatureCounter {
  readonly #settings: FeatureSettings;
  /** Open addressing with linear probing: feature numbers, 0 where free, and their counts in halves. */
  readonly #keys = new Int32Array(LARGEST_TABLE);
  readonly #halves = new Int32Array(LARGEST_TABLE);
  /** Filled places in the order in which their features first appeared. */
  readonly #places = new Int32Array(MAX_DISTINCT_FEATURES);
  /** The current word between its two boundary spaces. */
  readonly #word = new Uint16Array(MAX_WORD_LENGTH + 2);
  #size = 0;
  #mask = 0;
  #previousHash = 0;
  #previousWord = -1;

  constructor(settings: FeatureSettings) {
    this.#settings = settings;
    this.#word[0] = FOLDED.separator;
  }

  /** How many different features the last text had. */
  get size(): number {
    return this.#size;
  }

  /** The i-th feature of the last text, as a signed 32-bit number. */
  featureAt(i: number): number {
    return this.#keys[this.#places[i] as number] as number;
  }

  /** How often the i-th feature occurred, in halves. */
  halvesAt(i: number): number {
    return this.#halves[this.#places[i] as number] as number;
  }

  /**
   * Reads a text; afterwards its features can be asked for.
   * @param log - takes every single occurrence, for explanations
   */
  count(text: string, log?: OccurrenceLog): void {
    const spelled = unifySpelling(text);
    this.#reset(spelled.length);
    const lines = new MailLines(spelled);
    for (let line = lines.next(); line !== undefined; line = lines.next()) {
      if (line.kind !== 'skipped') this.#readLine(spelled, line.begin, line.end, line.kind === 'quoted', log);
    }
  }

  #reset(length: number): void {
    for (let i = 0; i < this.#size; i++) this.#keys[this.#places[i] as number] = 0;
    this.#size = 0;
    this.#previousHash = 0;
    this.#previousWord = -1;
    let table = SMALLEST_TABLE;
    while (table < LARGEST_TABLE && table < 8 * length) table *= 2;
    this.#mask = table - 1;
  }

  #readLine(text: string, begin: number, end: number, quoted: boolean, log: OccurrenceLog | undefined): void {
    const word = this.#word;
    const step = quoted ? QUOTED : OWN;
    let length = 0;
    for (let i = begin; i < end; i++) {
      const code = foldCharacter(text.charCodeAt(i));
      if (code > FOLDED.digit) {
        if (length === MAX_WORD_LENGTH) length = this.#endWord(length, step, log);
        word[++length] = code;
      } else if (code === FOLDED.digit) {
        if (length === MAX_WORD_LENGTH) length = this.#endWord(length, step, log);
        if (length === 0 || word[length] !== FOLDED.digit) word[++length] = code;
      } else if (code === FOLDED.nothing || isInsideNumber(text, i, end)) {
        continue;
      } else {
        if (length > 0) length = this.#endWord(length, step, log);
        if (code === FOLDED.currency) {
          word[1] = code;
          this.#endWord(1, step, log);
        }
      }
    }
    if (length > 0) this.#endWord(length, step, log);
  }

  /** Counts what the finished word brings. Returns the length of the next word so far: 0. */
  #endWord(length: number, step: number, log: OccurrenceLog | undefined): 0 {
    const { shortest, longest, characterFactor, wordFactor, pairFactor } = this.#settings;
    const word = this.#word;
    const size = length + 2;
    word[length + 1] = FOLDED.separator;
    const number = log === undefined ? 0 : log.addWord(word, length);
    if (characterFactor > 0) {
      for (let begin = 0; begin + shortest <= size; begin++) {
        const stop = Math.min(size, begin + longest);
        let hash = HASH_START;
        for (let i = begin; i < stop; i++) {
          hash = hashStep(hash, word[i] as number);
          if (i - begin + 1 < shortest) continue;
          const feature = featureNumber(hash, FEATURE_KINDS.characters);
          if (this.#add(feature, step) && log !== undefined) log.add(feature, number, number);
        }
      }
    }
    let hash = HASH_START;
    for (let i = 1; i <= length; i++) hash = hashStep(hash, word[i] as number);
    if (STOP_HASHES.positionOf(hash) >= 0) return 0;
    if (wordFactor > 0) {
      const feature = featureNumber(hash, FEATURE_KINDS.word);
      if (this.#add(feature, step) && log !== undefined) log.add(feature, number, number);
    }
    if (pairFactor > 0 && this.#previousWord >= 0) {
      const feature = featureNumber(hashPair(this.#previousHash, hash), FEATURE_KINDS.pair);
      if (this.#add(feature, step) && log !== undefined) log.add(feature, this.#previousWord, number);
    }
    this.#previousHash = hash;
    this.#previousWord = number;
    return 0;
  }

  /** Whether it fitted. */
  #add(feature: number, step: number): boolean {
    const keys = this.#keys;
    const mask = this.#mask;
    let place = feature & mask;
    let key = keys[place] as number;
    while (key !== feature) {
      if (key === 0) {
        if (this.#size === MAX_DISTINCT_FEATURES) return false;
        keys[place] = feature;
        this.#halves[place] = step;
        this.#places[this.#size++] = place;
        return true;
      }
      place = (place + 1) & mask;
      key = keys[place] as number;
    }
    this.#halves[place] = (this.#halves[place] as number) + step;
    return true;
  }
}

const COMMA = 0x2c;
const POINT = 0x2e;

/** A comma or a point between two digits belongs to the number. */
function isInsideNumber(text: string, i: number, end: number): boolean {
  const code = text.charCodeAt(i);
  if ((code !== COMMA && code !== POINT) || i === 0 || i + 1 >= end) return false;
  return (
    foldCharacter(text.charCodeAt(i - 1)) === FOLDED.digit && foldCharacter(text.charCodeAt(i + 1)) === FOLDED.digit
  );
}
