import fc from 'fast-check';
import { identifiersIn } from './identifiers';
import { isAutomated } from './mail/automated';
import { newMessageOf } from './mail/new-message';
import { withoutParticulars } from './machine-text';
import { readableText } from './readable-text';
import { isRecovery } from './recovery';
import { saysSomething } from './says-something';
import { countSteps } from './spec-support/count-steps';
import { isInForeignScript } from './writing-system';

const LENGTH = 60 * 1024;
const filled = (piece: string, length = LENGTH): string =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** What keeps a careless reader busy: things that begin over and over and never end. */
const REPEATED = [
  ...['<', '</', '<a', '<a ', '<p ', '<o:p ', '>', '<>', '<b <', '<p\n\n\n\n\n\n\n\n'],
  ...['<!--', '<!-', '<!---', '<![if ', '<!doctype ', '<?xml ', '<![endif]><!--'],
  ...['<style', '<style>', '<script>', '<svg><title><xml>', '<STYLE></st', '<style>{', '</style>'],
  ...['<p a="', "<p a='", `<p a="'`, '<p a=">" ', '"<p "', '<p>"\'', '<p a=b c', '<p a=  ', '<p a="\'="'],
  ...['<blockquote>', '<blockquote>a<p>', '<p style="display:none">', '<p style="display:none">a</p>', '<p style="'],
  ...['<div>', '<b><table><tr><td>', '<pre>\n', '</pre></div>', '<a></b>', '<ul><li>'],
  ...['&', '&amp;', '&lt;', '&#', '&#x1F600;', '&lt;p&gt;', '<p>&nbsp;', '&amp;amp;lt;p'],
  ...['<br> ', '<b>\n </b>', '<p>\u200b \u200b', '<p>\ufeff\u200b', '<p>\u200b', '<b> \n'],
];

/** The same for those that look for words, marks and states. */
const REPEATED_WORDS = [
  ...[
    'a',
    'A.',
    'a ',
    'é'.normalize('NFD'),
    '\u0301\u0316',
    'a\u0301\u0316\u0301\u0316',
    'क़',
    '\u200d',
    "a'",
    '’',
    ' ',
    '\n',
    ' \n',
    '. ',
  ],
  ...[
    'hi ',
    'Hi\n',
    'not ',
    "n't ",
    'only 1 of 2 ',
    '1 of 2',
    'is ',
    'been ',
    'back ',
    'alert 1 ',
    'alert on web07 ',
    'load ',
    'still a ',
  ],
  ...[
    '[',
    ']',
    ':',
    '[ok',
    'ok -',
    'ok to ok ',
    'crit -',
    '-',
    '#1-',
    '\u00b7:',
    '1',
    '한'.normalize('NFD'),
    'Жук ',
    '\ud800',
    '😀',
  ],
];

/** Each with a length a quarter of what it looks at, or less. */
const READERS = [
  ['saysSomething', saysSomething, 500],
  ['identifiersIn', identifiersIn, 500],
  ['isInForeignScript', isInForeignScript, 500],
  ['withoutParticulars', withoutParticulars, 500],
  ['isRecovery', isRecovery, 75],
  ['newMessageOf', newMessageOf, 500],
  ['isAutomated', (text: string) => isAutomated({ subject: text, text, metadata: { 'x-a': text } }), 75],
] as const;

/** The same for those that look for mails inside a mail. */
const REPEATED_LINES = [
  ...[
    '> ',
    '>\n',
    '> a\n',
    'On 1 ',
    'On 1 a\n',
    'On 1 wrote ',
    'On 1:2 a wrote:\n',
    'Am 1 schrieb :\n',
    'a@b.c <a@b.c> wrote:\n> d\n',
  ],
  ...[
    'From: a\n',
    'From: a\nTo: b\nSubject: c\n',
    '-----Original Message-----\n',
    '-',
    '_',
    '-- \n',
    '--\n',
    'Best,\n',
    'a b\n',
    '3 10:12 a@b.c skrev ',
    'From: ',
  ],
  ...[
    'Sent from my ',
    'Sent from my a\n',
    'This email is confidential ',
    'This email is confidential recipient\n\n',
    'Tel. +1 (',
    '+1 ',
  ],
  ...['I am ', 'Re: ', 'ich bin a ', 'urgent ', 'zurück a'],
  ...['A1'.repeat(40), `${'A1'.repeat(35)}\n`, 'at a.b(c:1)\n', 'at a ', 'File "a", line 1\n  b\n', '\r'],
];

const EVERYTHING_REPEATED = [...REPEATED, ...REPEATED_WORDS, ...REPEATED_LINES];

/** Four times the text takes four times the steps, and a few more where it is cut differently; with time quadratic in the length it would be 16 times. */
const GROWTH = 4;
const TOLERANCE = 1.25;
const SHORT = 500;

describe('the steps that hostile text takes', () => {
  it.each([
    // eslint-disable-next-line regexp/no-super-linear-move -- its quadratic time is what has to be seen
    ['white space at the end', /\s+$/, ' ', 15],
    ['a closing tag', /<b>.*<\/b>/g, '<b>', 15],
    ['a tag in a sticky search that fails', /<[^>]*>/y, '<', 3.9],
  ])('are counted with those a pattern gives up: %s', (_name, pattern, piece, times) => {
    const stepsOn = (length: number): number => countSteps(() => pattern.exec(`${filled(piece, length)}x`));
    expect(stepsOn(GROWTH * SHORT)).toBeGreaterThan(times * stepsOn(SHORT));
  });

  /** The texts on which they grow faster. */
  const growingFaster = (
    read: (text: string) => unknown,
    short: number,
    texts: readonly ((length: number) => string)[],
  ): string[] =>
    texts
      .filter((text) => {
        const stepsOn = (length: number): number => countSteps(() => read(text(length)));
        return stepsOn(GROWTH * short) > TOLERANCE * GROWTH * stepsOn(short);
      })
      .map((text) => text(40));

  it('to be read grow no faster than the text', () => {
    const texts = EVERYTHING_REPEATED.flatMap((piece) => [
      (length: number) => filled(piece, length),
      (length: number) => `<p>x</p>${filled(piece, length)}`,
      (length: number) => `${filled(piece, length)}>"'-->`,
    ]);
    expect(growingFaster(readableText, SHORT, texts)).toEqual([]);
  });

  it.each(READERS)('in %s grow no faster than the text', (_name, read, short) => {
    const texts = EVERYTHING_REPEATED.map((piece) => (length: number) => filled(piece, length));
    expect(growingFaster(read, short, texts)).toEqual([]);
  });
});

describe('60 KiB of hostile text', () => {
  it('made of tags that open deep and close in the wrong order is read', () => {
    const opened = filled('<div><b><table>', LENGTH / 2);
    expect(readableText(`${opened}down${filled('</b></div>', LENGTH / 2)}`)).toContain('down');
  });

  it('gives the text of a million entities', () => {
    expect(readableText('&amp;'.repeat(1_000_000))).toBe('&'.repeat(1_000_000));
  });
});

describe('any text', () => {
  const words = fc.stringMatching(/^[\w .,?!\n]{0,12}$/);
  const fragment = fc.oneof(
    words,
    fc.constantFrom(...REPEATED, '</style>', '-->', '"', "'", '{', '<p class="a">', '</p>'),
  );
  const hostile = fc.array(fragment, { maxLength: 40 }).map((pieces) => pieces.join(''));

  it('is never longer afterwards', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (text) => {
        expect(readableText(text).length).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('without < and & is the same string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const plain = text.replace(/[<&]/g, '');
        expect(readableText(plain)).toBe(plain);
      }),
    );
  });

  it('is read once and for all: what was read holds no markup, unless the markup was escaped or broken', () => {
    const tags = fc.constantFrom(
      '<p>',
      '</p>',
      '<br>',
      '<b>',
      '</b>',
      '<td style="a: b">',
      '<!-- c -->',
      '&nbsp;',
      '&uuml;',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, tags), { maxLength: 30 }), (pieces) => {
        const read = readableText(pieces.join(''));
        expect(readableText(read)).toBe(read);
      }),
    );
  });

  it('loses no word to the markup around it', () => {
    const tags = fc.constantFrom(
      '<p>',
      '</p>',
      '<p class="a > b">',
      '<br/>',
      '<!-- c -->',
      '<td>',
      '<style>p{}</style>',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(tags, fc.stringMatching(/^[a-z]{1,8}$/)), { maxLength: 20 }), (pairs) => {
        const read = readableText(`<br>${pairs.map(([tag, word]) => `${tag} ${word} `).join('')}`);
        expect(read.split(/\s+/).join(' ')).toBe(pairs.map(([, word]) => word).join(' '));
      }),
    );
  });
});
