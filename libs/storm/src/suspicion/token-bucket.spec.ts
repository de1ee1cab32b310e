import { TokenBucket } from './token-bucket';

describe('a token bucket', () => {
  const passed = (bucket: TokenBucket, moments: readonly number[]) =>
    moments.filter((moment) => bucket.take(moment)).length;
  const allAt = (moment: number, count: number) => Array.from({ length: count }, () => moment);

  it('lets so many through at once', () => {
    expect(passed(new TokenBucket({ atOnce: 3, perSecond: 10 }), allAt(5_000, 10))).toBe(3);
  });

  it('lets so many through a second after that, and never more at once, however long nobody came', () => {
    const bucket = new TokenBucket({ atOnce: 3, perSecond: 10 });
    expect(passed(bucket, allAt(0, 10))).toBe(3);
    expect(passed(bucket, allAt(200, 10))).toBe(2);
    expect(passed(bucket, allAt(3_600_000, 10))).toBe(3);
  });

  it('gives nothing for a clock that goes back, and goes on from there', () => {
    const bucket = new TokenBucket({ atOnce: 1, perSecond: 10 });
    expect([bucket.take(10_000), bucket.take(0), bucket.take(50), bucket.take(100)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});
