import fc from 'fast-check';
import { readableText } from './readable-text';

const LENGTH = 60 * 1024;
const filled = (piece: string, length = LENGTH): string =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** What keeps a careless reader busy: things that begin over and over and never end. */
const REPEATED = [
  ...['<', '</', '<a', '<a ', '<p ', '<o:p ', '>', '<>', '<b <', '<p\n\n\n\n\n\n\n\n'],
  ...['<!--', '<!-', '<!---', '<![if ', '<!doctype ', '<?xml ', '<![endif]><!--'],
  ...['<style', '<style>', '<script>', '<svg><title><xml>', '<STYLE></st', '<style>{', '</style>'],
  ...['<p a="', "<p a='", `<p a="'`, '<p a=">" ', '"<p "', '<p>"\'', '<p a=b c', '<p a=  ', '<p a="\'="'],
  ...['<div>', '<b><table><tr><td>', '<pre>\n', '</pre></div>', '<a></b>', '<ul><li>'],
  ...['&', '&amp;', '&lt;', '&#', '&#x1F600;', '&lt;p&gt;', '<p>&nbsp;', '&amp;amp;lt;p'],
  ...['<br> ', '<b>\n </b>', '<p>\u200b \u200b', '<p>\ufeff\u200b', '<p>\u200b', '<b> \n'],
];

/** Characters that searches and patterns have passed while a text was read. Not by `jest.spyOn`, which keeps every call. */
function workOn(text: string): number {
  let passed = 0;
  const { exec } = RegExp.prototype;
  const { indexOf } = String.prototype;
  RegExp.prototype.exec = function (input) {
    const from = this.lastIndex;
    const found = exec.call(this, input);
    if (found) passed += found.index + found[0].length - from + 1;
    else passed += this.sticky ? 1 : input.length - from;
    return found;
  };
  String.prototype.indexOf = function (wanted, from = 0) {
    const found = indexOf.call(this, wanted, from);
    passed += (found === -1 ? this.length : found) - from + 1;
    return found;
  };
  try {
    readableText(text);
  } finally {
    RegExp.prototype.exec = exec;
    String.prototype.indexOf = indexOf;
  }
  return passed;
}

describe('60 KiB of hostile text', () => {
  it.each(REPEATED)('%j repeated is passed over a bounded number of times', (piece) => {
    expect(workOn(filled(piece))).toBeLessThanOrEqual(20 * LENGTH);
    expect(workOn(`<p>x</p>${filled(piece)}`)).toBeLessThanOrEqual(20 * LENGTH);
    expect(workOn(`${filled(piece)}>"'-->`)).toBeLessThanOrEqual(20 * LENGTH);
  });

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
