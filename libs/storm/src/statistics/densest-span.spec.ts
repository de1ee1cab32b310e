import * as fc from 'fast-check';
import { type Report, densestSpan } from './densest-span';

const report = fc.record({
  receivedMs: fc.integer({ min: -700, max: 700 }),
  requester: fc.constantFrom(null, null, 'ann', 'ben', 'cy'),
});

/** Tries every span that begins at a report. */
function bruteForce(reports: readonly Report[], momentMs: number, spanMs: number): number {
  const counts = reports.map(({ receivedMs: start }) => {
    if (start > momentMs || momentMs > start + spanMs) return 0;
    const inside = reports.filter(({ receivedMs }) => receivedMs >= start && receivedMs <= start + spanMs);
    return new Set(inside.map(({ requester }, index) => requester ?? index)).size;
  });
  return Math.max(0, ...counts);
}

describe('the densest span around a moment', () => {
  it('has all of one moment or none of them', () => {
    const first = { receivedMs: 0, requester: 'ben' };
    const other = { receivedMs: 8, requester: null };
    const newcomer = { receivedMs: 8, requester: 'ben' };
    expect(densestSpan([other, first, newcomer], 8, 8)).toEqual({ reports: [first, other, newcomer], requesters: 2 });
  });

  it('is the earliest of several', () => {
    const [first, middle, last] = [0, 10, 20].map((receivedMs) => ({ receivedMs, requester: null })) as [
      Report,
      Report,
      Report,
    ];
    expect(densestSpan([last, middle, first], 10, 10)).toEqual({ reports: [first, middle], requesters: 2 });
  });

  it('has as many requesters as any span that contains the moment', () => {
    fc.assert(
      fc.property(
        fc.array(report, { maxLength: 30 }),
        report,
        fc.integer({ min: 0, max: 400 }),
        (others, newcomer, spanMs) => {
          const reports = [...others, newcomer];
          const span = densestSpan(reports, newcomer.receivedMs, spanMs);
          expect(span.requesters).toBe(bruteForce(reports, newcomer.receivedMs, spanMs));
          const times = span.reports.map(({ receivedMs }) => receivedMs);
          expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(spanMs);
          expect(span.reports).toContain(newcomer);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
