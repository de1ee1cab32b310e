import { DEFAULT_LATENCY_RULE, latencyRule } from './breaker-rule';
import type { BreakerState } from './breaker-state';

describe('the latency rule', () => {
  it.each([
    [{ latencyMs: 0 }, 'fast'],
    [{ latencyMs: 199.9 }, 'fast'],
    [{ latencyMs: 200 }, 'between'],
    [{ latencyMs: 500 }, 'between'],
    [{ latencyMs: 500.1 }, 'slow'],
    [{ latencyMs: Number.POSITIVE_INFINITY }, 'slow'],
    [{ failed: true }, 'slow'],
    [{ overdue: true }, 'slow'],
  ] as const)('by default calls %j %s', (outcome, verdict) => {
    expect(latencyRule().verdictOn(outcome)).toBe(verdict);
  });

  it('has the documented defaults, which are frozen', () => {
    expect(DEFAULT_LATENCY_RULE).toEqual({ latencyMs: 500, openCount: 3, fastMs: 200, closeCount: 5 });
    expect(Object.isFrozen(DEFAULT_LATENCY_RULE)).toBe(true);
  });

  it('knows when a run still going becomes slow', () => {
    expect(latencyRule({ latencyMs: 700 }).slowAfterMs).toBe(700);
  });

  it('counts slow calls while closed and fast ones while open; any other verdict starts anew', () => {
    const rule = latencyRule({ openCount: 2, closeCount: 3 });
    const closed: BreakerState = { status: 'closed', slowInARow: 0 };
    const open: BreakerState = { status: 'open', openedAt: 0, fastInARow: 2 };
    expect(rule.next(closed, 'slow')).toEqual({ turns: false, inARow: 1 });
    expect(rule.next({ ...closed, slowInARow: 1 }, 'slow')).toEqual({ turns: true, inARow: 2 });
    expect(rule.next({ ...closed, slowInARow: 1 }, 'between')).toEqual({ turns: false, inARow: 0 });
    expect(rule.next({ ...closed, slowInARow: 1 }, 'fast')).toEqual({ turns: false, inARow: 0 });
    expect(rule.next(open, 'fast')).toEqual({ turns: true, inARow: 3 });
    expect(rule.next(open, 'between')).toEqual({ turns: false, inARow: 0 });
    expect(rule.next(open, 'slow')).toEqual({ turns: false, inARow: 0 });
  });

  it('may have one threshold for both: only that very latency is between', () => {
    const rule = latencyRule({ latencyMs: 300, fastMs: 300 });
    expect([299, 300, 301].map((latencyMs) => rule.verdictOn({ latencyMs }))).toEqual(['fast', 'between', 'slow']);
  });

  it.each([
    [{ fastMs: 501 }, 'fastMs'],
    [{ fastMs: 0 }, 'fastMs'],
    [{ latencyMs: Number.POSITIVE_INFINITY }, 'latencyMs'],
    [{ latencyMs: Number.NaN }, 'latencyMs'],
    [{ latencyMs: 2 ** 31 }, 'latencyMs'],
    [{ openCount: 0 }, 'openCount'],
    [{ openCount: 1.5 }, 'openCount'],
    [{ closeCount: Number.POSITIVE_INFINITY }, 'closeCount'],
  ])('refuses %j and names the setting', (settings, path) => {
    expect(() => latencyRule(settings)).toThrow(
      expect.objectContaining({ code: 'invalid_config', issues: [expect.objectContaining({ path })] }),
    );
  });

  it('names every bad setting at once', () => {
    expect(() => latencyRule({ latencyMs: -1, fastMs: -2, openCount: 0, closeCount: 0 })).toThrow(
      /latencyMs: .*; fastMs: .*; openCount: .*; closeCount: /,
    );
  });
});
