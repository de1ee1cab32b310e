import { TokenBucket } from './token-bucket';

describe('a token bucket', () => {
  const passed = (bucket: TokenBucket, moments: readonly number[]) =>
    moments.filter((moment) => bucket.takeToken(moment)).length;
  const allAt = (moment: number, count: number) => Array.from({ length: count }, () => moment);

  it('has a limited number of tokens at once', () => {
    expect(passed(new TokenBucket({ atOnce: 3, perSecond: 10 }), allAt(5_000, 10))).toBe(3);
  });

  it('refills at its rate, up to that number', () => {
    const bucket = new TokenBucket({ atOnce: 3, perSecond: 10 });
    expect(passed(bucket, allAt(0, 10))).toBe(3);
    expect(passed(bucket, allAt(200, 10))).toBe(2);
    expect(passed(bucket, allAt(3_600_000, 10))).toBe(3);
  });

  it('does not refill when the clock goes back, and continues from there', () => {
    const bucket = new TokenBucket({ atOnce: 1, perSecond: 10 });
    expect([bucket.takeToken(10_000), bucket.takeToken(0), bucket.takeToken(50), bucket.takeToken(100)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});
