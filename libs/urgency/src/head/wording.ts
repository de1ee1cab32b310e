import { normalise } from '../normalise';
import { isWordCharacter } from '../words';

/** Words are distinguished by so many characters: "charge", "charged" and "charges" are one. Five characters and whole words did no better. */
const BEGINNING = 6;

/** The opening and the closing of a ticket are a quarter of its words each, but at least so many. */
const SHORTEST_PART = 6;
const PART = 1 / 4;

const KIND = { word: 1, pair: 2, opening: 3, closing: 4 } as const;

const APOSTROPHE = 39;
const EXCLAMATION_MARK = 33;
const QUESTION_MARK = 63;
const ZERO = 48;

/** FNV-1a, 32 bits (Fowler, Noll and Vo): offset basis and prime. */
const HASH_START = 0x811c9dc5;
const HASH_PRIME = 0x01000193;

/**
 * Reads the wording of a ticket as numbered features: every word (its first six characters, digits all alike), every pair of
 * neighbours, and once more the words of the opening and of the closing, where people say what they want and how soon.
 * Question and exclamation marks are words, a run of one counting once. Unlike the vectors for categories it keeps the small
 * words: "not yet" and "when you can" are made of nothing else.
 * Reads at most 65,536 characters, in time linear in their number; letters other than Latin ones are passed over.
 * @param visit - called with each feature, as often as it occurs: a signed 32-bit hash, never 0
 */
export function readWording(text: string, visit: (feature: number) => void): void {
  const words = wordHashes(normalise(text));
  const part = Math.max(SHORTEST_PART, Math.floor(words.length * PART));
  words.forEach((word, i) => {
    visit(featureOf(KIND.word, word, 0));
    const before = words[i - 1];
    if (before !== undefined) visit(featureOf(KIND.pair, before, word));
    if (i < part) visit(featureOf(KIND.opening, word, 0));
    if (i >= words.length - part) visit(featureOf(KIND.closing, word, 0));
  });
}

function wordHashes(text: string): number[] {
  const hashes: number[] = [];
  let lastMark = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (isWordCharacter(code)) {
      const end = endOfWord(text, at);
      hashes.push(hashOfWord(text, at, Math.min(end, at + BEGINNING)));
      lastMark = 0;
      at = end;
      continue;
    }
    if ((code === EXCLAMATION_MARK || code === QUESTION_MARK) && code !== lastMark) {
      hashes.push(Math.imul(HASH_START ^ code, HASH_PRIME));
      lastMark = code;
    }
    at += 1;
  }
  return hashes;
}

function endOfWord(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (!isWordCharacter(code) && code !== APOSTROPHE) break;
    end += 1;
  }
  return end;
}

function hashOfWord(text: string, start: number, end: number): number {
  let hash = HASH_START;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    const isDigit = code >= ZERO && code < ZERO + 10;
    hash = Math.imul(hash ^ (isDigit ? ZERO : code), HASH_PRIME);
  }
  return hash;
}

/** Mixes the kind of feature and its words so that every bit counts (the finaliser of MurmurHash3, Austin Appleby, public domain). */
function featureOf(kind: number, first: number, second: number): number {
  let mixed = Math.imul(first, 31) ^ Math.imul(second, 0x9e3779b1) ^ Math.imul(kind, 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16) || 1;
}
