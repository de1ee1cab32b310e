import { type SuspicionCounts, suspicionOf } from './suspicion';

const RULES = { falseAlarmsPerMonth: 1, ticketThreshold: 10 };

const counts = (changes: Partial<SuspicionCounts> = {}): SuspicionCounts => ({
  inWindow: 20,
  likeInWindow: Array.from({ length: 8 }, () => 0.7),
  inReference: 2000,
  likeInReference: [0.7, 0.56],
  ownInReference: 2000,
  ticketsAMonth: 30_000,
  ...changes,
});

describe('a burst', () => {
  it('is suspected where many tickets of the window are alike and hardly any usually are', () => {
    const suspicion = suspicionOf(counts(), RULES);
    expect(suspicion).toMatchObject({ similarity: 0.65, count: 8 });
    expect(suspicion?.probability).toBeLessThan(1 / 30_000);
  });

  it('is none if such tickets are usual', () => {
    const usual = Array.from({ length: 800 }, () => 0.7);
    expect(suspicionOf(counts({ likeInReference: usual }), RULES)).toBeNull();
  });

  it('needs five look-alikes', () => {
    const four = Array.from({ length: 4 }, () => 0.95);
    expect(suspicionOf(counts({ likeInWindow: four, likeInReference: [] }), RULES)).toBeNull();
    expect(suspicionOf(counts({ likeInWindow: [...four, 0.95], likeInReference: [] }), RULES)?.count).toBe(5);
  });

  it('needs ten where the service has too few tickets of its own to tell what is usual', () => {
    const young = (count: number) =>
      counts({ likeInWindow: Array.from({ length: count }, () => 0.8), ownInReference: 499 });
    expect(suspicionOf(young(9), RULES)).toBeNull();
    expect(suspicionOf(young(10), RULES)?.count).toBe(10);
  });

  it('must be three times the usual share', () => {
    const busy = counts({
      inWindow: 2000,
      likeInWindow: Array.from({ length: 55 }, () => 0.6),
      likeInReference: Array.from({ length: 20 }, () => 0.6),
    });
    expect(suspicionOf(busy, RULES)).toBeNull();
  });

  it('is suspected more easily by who puts up with more alarms, and the less so the more tickets a month has', () => {
    const weak = counts({
      likeInWindow: Array.from({ length: 5 }, () => 0.7),
      inWindow: 60,
      likeInReference: [0.7, 0.7, 0.7],
    });
    expect(suspicionOf(weak, { ...RULES, falseAlarmsPerMonth: 0.001 })).toBeNull();
    expect(suspicionOf(weak, { ...RULES, falseAlarmsPerMonth: 30 })).not.toBeNull();
    expect(suspicionOf({ ...weak, ticketsAMonth: 1e9 }, RULES)).toBeNull();
    expect(suspicionOf({ ...weak, ticketsAMonth: 0 }, RULES)).toEqual(
      suspicionOf({ ...weak, ticketsAMonth: 1000 }, RULES),
    );
  });
});
