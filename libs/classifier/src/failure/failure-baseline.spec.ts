import fc from 'fast-check';
import { createFailureBaseline } from './failure-baseline';

const baseline = createFailureBaseline();

describe('the failure baseline', () => {
  it.each([
    'The server in our office has been dead since nine',
    'Nothing comes out of the printer any more',
    'card payments fail at all four tills',
    'the app closes by itself as soon as I open a photo',
  ])('knows a report of something that does not work: %s', (text) => {
    expect(baseline.probability(text)).toBeGreaterThan(0.5);
  });

  it.each([
    'Please set up a second server for the office',
    'Could you block colour printing for my team?',
    'What happens to my tickets if a server should go down one day?',
    'please cancel my broken-screen insurance at the end of the month',
  ])('knows a wish or a question that uses the words of a failure: %s', (text) => {
    expect(baseline.probability(text)).toBeLessThan(0.5);
  });

  it('gives any text a probability', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.lorem()), (text) => {
        const probability = baseline.probability(text);
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each(['', '!!! ??', '\ud800', 'ใช้งานไม่ได้'])('takes neither side on a text without a known word (%j)', (text) => {
    expect(baseline.probability(text)).toBeCloseTo(0.5, 1);
  });

  it.each(['a'.repeat(65_536), '\ud83d'.repeat(65_536), '__proto__ constructor toString '.repeat(2_000)])(
    'answers 64 KiB of hostile text, case %#, and the next text as before',
    (text) => {
      const before = baseline.probability('The server is down');
      expect(Number.isFinite(baseline.probability(text))).toBe(true);
      expect(baseline.probability('The server is down')).toBe(before);
    },
  );
});
