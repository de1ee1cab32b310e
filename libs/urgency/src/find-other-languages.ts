import { outside, WordsBefore } from './countermanded';
import { densityOf } from './density';
import { normalise } from './normalise';
import { PhraseIndex } from './phrase-index';
import { OTHER_LANGUAGES, OTHER_NEGATORS, type WeightedSignal } from './signals/other-languages';
import { countWords } from './words';

/** A place where a text in another language than English shows a signal. */
export interface OtherLanguageMatch {
  readonly signal: WeightedSignal;
  /** The words that matched, as in the normalised text, at most 80 characters. */
  readonly match: string;
  /** Change of the logit. */
  readonly weight: number;
}

const LONGEST_MATCH = 80;
/** A second place of a signal counts half. */
const PLACES_PER_SIGNAL = 2;

const NEGATOR = OTHER_LANGUAGES.length;
const INDEX = new PhraseIndex([...OTHER_LANGUAGES.map(({ phrases }) => phrases), OTHER_NEGATORS]);

/**
 * Finds what tells an emergency in German, French, Spanish, Portuguese, Italian and Dutch; nothing in English. Never throws; reads at most 65,536
 * characters, in time linear in their number.
 */
export function findOtherLanguages(text: string): OtherLanguageMatch[] {
  const clean = normalise(text);
  const found = INDEX.scan(clean);
  const matches = found.filter(({ owner }) => owner < NEGATOR);
  if (matches.length === 0) return [];
  const lowering = matches.filter(({ owner }) => OTHER_LANGUAGES[owner]?.direction === 'lowers');
  const negators = found.filter(({ owner }) => owner === NEGATOR);
  const negations = new WordsBefore(clean, outside(negators, matches));
  const density = densityOf(countWords(clean, 0, clean.length));
  const places = new Uint8Array(OTHER_LANGUAGES.length);
  const endOfLast = new Int32Array(OTHER_LANGUAGES.length);
  return outside(matches, lowering).flatMap(({ owner, start, end }): OtherLanguageMatch[] => {
    const signal = OTHER_LANGUAGES[owner];
    const before = places[owner] ?? 0;
    if (!signal || before >= PLACES_PER_SIGNAL || start < (endOfLast[owner] ?? 0)) return [];
    endOfLast[owner] = end;
    if (signal.negatable && negations.reach({ owner, start, end })) return [];
    places[owner] = before + 1;
    const weight = (signal.weight * density) / 2 ** before;
    return [{ signal, match: clean.slice(start, Math.min(end, start + LONGEST_MATCH)), weight }];
  });
}
