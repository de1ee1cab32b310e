import { saysSomething } from '../says-something';

/** Says in which language a text is written. */
export interface LanguageDetector {
  /**
   * The language of a text as ISO 639-1 names it, by the first 200 characters that say something; `null` where it is not sure. Of English above all: a text in
   * English is hardly ever taken for one in another language. Never throws.
   */
  detect(text: string): string | null;
}

/** Languages that tickets are written in. Others are left out because short English or a list of names looks like them. */
const PLAUSIBLE = new Set(
  'ar bg cs da de el en es et fi fr he hi hr hu it ja ko lt lv nl no pl pt ro ru sk sl sr sv th tr uk vi zh'.split(' '),
);

/** Characters that are read: twice as many cost twice the time, and find no other language. */
const LOOKED_AT = 200;
/** Further down no letter begins. */
const SEARCHED = 4_000;

const HAS_ENOUGH_LETTERS = /(?:\p{L}\P{L}*){12}/u;
const FEWEST_WORDS = 3;

/**
 * How much more than English a language has to score, of scores in [0, 1]; without it, up to one short English line in 100 is taken for another language.
 * Few words, names among them, look like many languages.
 */
const MARGIN_OVER_ENGLISH = 0.12;
const MARGIN_OF_FEW_WORDS = 0.22;
const FEW_WORDS = 5;

/** What addresses, paths, numbers and code have: a word with it is of no language. */
const CODE = /[\d_@\\/=<>{}[\]|#*~^]|\w\.\w/;
const WORD = /\p{L}[\p{L}\p{M}'’]*/gu;
/** Scripts without blanks between their words. */
const WITHOUT_BLANKS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/**
 * Opens the detector: `eld` with its smallest set of n-grams, which takes about 160 ms and 30 MB of heap, once in a process.
 * @throws where the package `eld` cannot be loaded
 */
export async function openLanguageDetector(): Promise<LanguageDetector> {
  // It is an ES module without a `require` condition: only `import()` finds it.
  const { eld } = await import('eld/extrasmall');
  return {
    detect: (text) => {
      const words = wordsToRead(text);
      if (words === undefined) return null;
      const found = eld.detect(words);
      const { language } = found;
      if (!PLAUSIBLE.has(language) || !found.isReliable()) return null;
      if (language === 'en') return language;
      const margin = countWords(words) > FEW_WORDS ? MARGIN_OVER_ENGLISH : MARGIN_OF_FEW_WORDS;
      const scores = found.getScores();
      return (scores[language] ?? 0) - (scores['en'] ?? 0) < margin ? null : language;
    },
  };
}

const countWords = (text: string): number => (text.match(WORD) ?? []).length;

/** The first words that say something; `undefined` where these are too few to tell a language by. */
function wordsToRead(text: string): string | undefined {
  const lines = text.slice(0, SEARCHED).split('\n');
  const first = lines.findIndex(saysSomething);
  const beginning = lines
    .slice(Math.max(0, first))
    .join('\n')
    .slice(0, 2 * LOOKED_AT);
  const written = beginning.split(/\s+/).filter((word) => !CODE.test(word));
  const words = written.join(' ').slice(0, LOOKED_AT).toWellFormed();
  if (!HAS_ENOUGH_LETTERS.test(words)) return undefined;
  return countWords(words) >= FEWEST_WORDS || WITHOUT_BLANKS.test(words) ? words : undefined;
}
