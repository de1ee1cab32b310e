import fc from 'fast-check';
import { PhraseIndex } from './phrase-index';
import { SIGNALS } from './signals/all-signals';

/** What the index must find, the slow way: every pattern tried at every start of a word and of every run of question marks. */
function triedEverywhere(text: string, phrases: readonly (readonly RegExp[])[]): Set<string> {
  const found = new Set<string>();
  const places = [...text.matchAll(/(?<![a-z0-9_])[a-z0-9_]|(?<!\?)\?/g)].map(({ index }) => index);
  phrases.forEach((patterns, owner) => {
    for (const { source } of patterns) {
      const pattern = new RegExp(source, 'y');
      for (const place of places) {
        pattern.lastIndex = place;
        const match = pattern.exec(text);
        if (match) found.add(`${owner} ${place} ${match[0]}`);
      }
    }
  });
  return found;
}

const WORDS = [
  ...[
    'the',
    'our',
    'can',
    "can't",
    'not',
    'no',
    'lost',
    'all',
    'of',
    'we',
    'is',
    'it',
    'shop',
    'down',
    'data',
    'money',
    'by',
  ],
  ...[
    'tomorrow',
    'at',
    '9',
    '17:30',
    '12,000',
    'people',
    'still',
    'nobody',
    'answers',
    'please',
    'close',
    'ticket',
    'how',
    '?',
    '??',
  ],
  ...[
    'been',
    'charged',
    'twice',
    'within',
    '3',
    'days',
    'whenever',
    'you',
    'nothing',
    'has',
    'arrived',
    'third',
    'mail',
    'e-mail',
  ],
];

describe('looking for many phrases at once', () => {
  it('finds what trying every phrase everywhere finds', () => {
    const phrases = SIGNALS.map((signal) => signal.phrases);
    const index = new PhraseIndex(phrases);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }), (words) => {
        const text = words.join(' ');
        const found = index.scan(text).map(({ owner, start, end }) => `${owner} ${start} ${text.slice(start, end)}`);
        expect(new Set(found)).toEqual(triedEverywhere(text, phrases));
      }),
      { numRuns: 60 },
    );
  });

  it('reports whole words, wherever signs or emoji stand before them', () => {
    const index = new PhraseIndex([[/fire\b/]]);
    expect(index.scan('🔥fire (fire) campfire fires wi-fire')).toEqual([
      { owner: 0, start: 2, end: 6 },
      { owner: 0, start: 8, end: 12 },
      { owner: 0, start: 32, end: 36 },
    ]);
  });

  it('reports matches by where they start, the longer first', () => {
    const index = new PhraseIndex([[/no\b/], [/no rush\b/], [/rush\b/]]);
    expect(index.scan('no rush').map(({ owner }) => owner)).toEqual([1, 0, 2]);
  });
});
