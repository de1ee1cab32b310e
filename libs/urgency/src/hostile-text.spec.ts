import { MAX_BODY_BYTES } from '@smart-support/contracts';
import { createUrgencyBaseline } from './baseline/urgency-baseline';

const baseline = createUrgencyBaseline();

/** What somebody might repeat to keep a pattern busy: plain noise, words that many phrases begin with, and near misses. */
const REPEATED = [
  ...[
    'a',
    ' ',
    '1',
    '\n',
    "'",
    '?',
    '? ',
    '😀',
    '\ud800',
    '\u0316\u0301',
    'a\u0301\u0316',
    '\ufdfa',
    '1 ',
    '12,',
    '1.234.',
  ],
  ...['no ', 'not ', 'can ', "can't ", 'is now already ', 'not a very ', 'thanks ', 'we ', 'is my a b c d e f '],
  ...[
    '12 of our ',
    '123 very busy ',
    'charged me a b c ',
    'lost all of our ',
    'asked you me the a ',
    'no one has the ',
    'no, smoke ',
  ],
];

const filled = (piece: string, length: number): string =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** Of those, the ones that make patterns work hardest, each in another way. */
const LABORIOUS = [
  '? ',
  '1 ',
  'no ',
  'not a very ',
  'is my a b c d e f ',
  '12 of our ',
  'lost all of our ',
  'no one has the ',
  'no, smoke ',
];

/** How often a pattern is tried on a text. Each try is bounded by the length of its longest match, so this is the work. */
function attemptsOn(text: string): number {
  const test = jest.spyOn(RegExp.prototype, 'test');
  baseline.score({ text });
  const attempts = test.mock.calls.length;
  test.mockRestore();
  return attempts;
}

describe('64 KiB of hostile text', () => {
  it.each(REPEATED)('%j repeated gives a score', (piece) => {
    const { urgency_score, hits } = baseline.score({ text: filled(piece, MAX_BODY_BYTES) });
    expect(urgency_score).toBeGreaterThanOrEqual(0);
    expect(urgency_score).toBeLessThanOrEqual(1);
    expect(hits.length).toBeLessThan(200);
  });

  it.each(LABORIOUS)('%j repeated costs at most twice the attempts of half of it', (piece) => {
    const half = attemptsOn(filled(piece, MAX_BODY_BYTES / 2));
    const whole = attemptsOn(filled(piece, MAX_BODY_BYTES));
    expect(whole).toBeLessThanOrEqual(2 * half + 100);
  });

  it('costs no more than the first 64 KiB of a longer text', () => {
    expect(attemptsOn(filled('lost all of our ', 10 * MAX_BODY_BYTES))).toBeLessThanOrEqual(
      attemptsOn(filled('lost all of our ', MAX_BODY_BYTES)) + 100,
    );
  });
});
