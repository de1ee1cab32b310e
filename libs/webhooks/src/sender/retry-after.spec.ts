import * as fc from 'fast-check';
import { readRetryAfter } from './retry-after';

const NOW = Date.UTC(2030, 0, 1, 12, 0, 0);
const DAY_MS = 24 * 60 * 60 * 1000;

describe('what a receiver asks for by Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
    ['86400', DAY_MS],
    ['86401', DAY_MS],
    ['9'.repeat(400), DAY_MS],
  ])('in seconds: %s', (value, ms) => {
    expect(readRetryAfter(value, NOW)).toBe(ms);
  });

  it.each([
    ['Tue, 01 Jan 2030 12:00:30 GMT', 30_000],
    ['Tuesday, 01-Jan-30 12:00:30 GMT', 30_000],
    ['Tue Jan  1 12:00:30 2030', 30_000],
    ['Tue, 01 Jan 2030 11:00:00 GMT', 0],
    ['Sat, 05 Jan 2030 12:00:00 GMT', DAY_MS],
  ])('as a date, in each of the forms that HTTP knows: %s', (value, ms) => {
    expect(readRetryAfter(value, NOW)).toBe(ms);
  });

  it.each([
    undefined,
    null,
    120,
    ['120'],
    '',
    '-1',
    '1.5',
    '1e3',
    'soon',
    '2030-01-01',
    'Tue, nonsense GMT',
    'Tuesday',
  ])('is nothing where it cannot be read: %p', (value) => {
    expect(readRetryAfter(value, NOW)).toBeUndefined();
  });

  it('is never negative and never more than a day, whatever is written', () => {
    const dates = fc.date({ noInvalidDate: true }).map((date) => date.toUTCString());
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.nat().map(String), dates), (value) => {
        const ms = readRetryAfter(value, NOW);
        if (ms === undefined) return;
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(DAY_MS);
      }),
    );
  });
});
