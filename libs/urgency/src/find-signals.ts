import { outside, WordsBefore } from './countermanded';
import { densityOf } from './density';
import { normalise } from './normalise';
import { PhraseIndex, type PhraseMatch } from './phrase-index';
import { SIGNALS } from './signals/all-signals';
import { NEGATORS, NOT_YET } from './signals/negation';
import type { Signal } from './signals/signal';
import { countWords } from './words';

/** One match of a signal in the text. */
export interface SignalMatch {
  readonly signal: Signal;
  /** The words that matched, as in the normalised text, at most 80 characters. */
  readonly match: string;
  /** How much this place adds to the signal's number in the vector; above 0. */
  readonly share: number;
}

/** What {@link findSignals} found in a text. */
export interface SignalFindings {
  /**
   * One number per signal, in the order of `SIGNALS`, from 0 (absent) to about 3.5. See {@link findSignals}.
   * Not a unit vector; a model that fuses it with an embedding should scale it.
   */
  readonly vector: Float64Array;
  /** Where the numbers come from, in the order of the text, at most four places per signal. */
  readonly matches: readonly SignalMatch[];
  /** Whether the text has any letter or digit at all. */
  readonly saysSomething: boolean;
}

/** Places that count per signal: the second counts half of the first, the third half of the second; a fifth would hardly be felt. */
const PLACES_PER_SIGNAL = 4;
const LONGEST_MATCH = 80;

const NEGATOR = SIGNALS.length;
const NOT_YET_WORD = NEGATOR + 1;
const INDEX = new PhraseIndex([...SIGNALS.map(({ phrases }) => phrases), NEGATORS, NOT_YET]);

/**
 * Finds the signals of `data/rubric.md` in a text: what raises its urgency, and what lowers it.
 *
 * What is negated does not count and is not reported: "nobody was hurt", "not urgent", "until it is solved". Nor does a raising word inside
 * a lowering phrase. A place counts less the more places of its signal came before and the longer the text is;
 * words of lowering phrases do not lengthen it, so that adding one never raises the score.
 * Never throws; reads at most 65,536 characters, in time linear in their number.
 */
export function findSignals(text: string): SignalFindings {
  const clean = normalise(text);
  const found = INDEX.scan(clean);
  const counting = leaveOutCountermanded(
    clean,
    found.filter(({ owner }) => owner < NEGATOR),
    found,
  );

  const words = countWords(clean, 0, clean.length);
  const density = densityOf(words - loweringWords(clean, counting));
  const vector = new Float64Array(SIGNALS.length);
  const places = new Uint8Array(SIGNALS.length);
  const matches: SignalMatch[] = [];
  for (const { owner, start, end } of counting) {
    const signal = SIGNALS[owner];
    const before = places[owner] ?? 0;
    if (!signal || before >= PLACES_PER_SIGNAL) continue;
    places[owner] = before + 1;
    const share = density / 2 ** before;
    vector[owner] = (vector[owner] ?? 0) + share;
    matches.push({ signal, match: clean.slice(start, Math.min(end, start + LONGEST_MATCH)), share });
  }
  return { vector, matches, saysSomething: words > 0 || /[\p{L}\p{N}]/u.test(clean) };
}

/** Keeps the longest of a signal's overlapping matches; drops what is part of a lowering phrase, negated, or not true yet. */
function leaveOutCountermanded(
  text: string,
  matches: readonly PhraseMatch[],
  found: readonly PhraseMatch[],
): PhraseMatch[] {
  const endOfLast = new Int32Array(SIGNALS.length);
  const apart = matches.filter(({ owner, start, end }) => {
    if (start < (endOfLast[owner] ?? 0)) return false;
    endOfLast[owner] = end;
    return true;
  });
  const lowering = apart.filter(({ owner }) => SIGNALS[owner]?.direction === 'lowers');
  const negators = found.filter(({ owner }) => owner === NEGATOR);
  const negations = new WordsBefore(text, outside(negators, matches));
  const hopes = new WordsBefore(
    text,
    found.filter(({ owner }) => owner === NOT_YET_WORD),
  );
  return outside(apart, lowering).filter((match) => {
    const signal = SIGNALS[match.owner];
    if (!signal || (signal.negatable && negations.reach(match))) return false;
    return signal.rubric !== 'solved' || !hopes.reach(match);
  });
}

/** Words inside lowering phrases, each counted once. */
function loweringWords(text: string, matches: readonly PhraseMatch[]): number {
  let words = 0;
  let from = 0;
  for (const { owner, start, end } of matches) {
    if (SIGNALS[owner]?.direction !== 'lowers' || end <= from) continue;
    words += countWords(text, Math.max(from, start), end);
    from = end;
  }
  return words;
}
