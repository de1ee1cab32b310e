import { type Answer, Ledger, unexpectedAnswers, wasAccepted } from './ledger';

const answer = (status: number, changes: Partial<Answer> = {}): Answer => ({
  sentAt: 1000,
  waitedMs: 5,
  status,
  ...changes,
});

describe("the clients' ledger", () => {
  it('counts a ticket as accepted once, however often it was answered', () => {
    const ledger = new Ledger();
    ledger.openEntry('a', 'text');
    ledger.openEntry('b', 'text');
    for (const status of [503, 202, 202, 200]) ledger.recordAnswer('a', answer(status));
    ledger.recordAnswer('b', answer(0));
    expect(ledger.acceptedCount).toBe(1);
    expect(ledger.size).toBe(2);
    expect(ledger.entries().map(wasAccepted)).toEqual([true, false]);
  });

  it('counts the answers to requests within a time, and how long the longest took', () => {
    const ledger = new Ledger();
    ledger.openEntry('a', 'text');
    ledger.recordAnswer('a', answer(503, { sentAt: 999 }));
    ledger.recordAnswer('a', answer(0, { trouble: 'ECONNRESET', waitedMs: 70 }));
    ledger.recordAnswer('a', answer(0));
    ledger.recordAnswer('a', answer(202, { sentAt: 1999 }));
    ledger.recordAnswer('a', answer(202, { sentAt: 2000, waitedMs: 900 }));
    ledger.recordAnswer('a', answer(202, { sentAt: 1500, waitedMs: 800, inBatch: true }));
    expect(ledger.countAnswers(1000, 2000)).toEqual({
      counts: { ECONNRESET: 1, 'no answer': 1, '202': 2 },
      longestMs: 70,
      longestBatchMs: 800,
    });
    expect(ledger.countAnswers().counts).toEqual({ '503': 1, ECONNRESET: 1, 'no answer': 1, '202': 3 });
  });

  it('does not accept an answer for a ticket that was never sent', () => {
    expect(() => new Ledger().recordAnswer('a', answer(202))).toThrow('"a"');
  });

  it('knows the answers that no client should get', () => {
    const answers = [202, 200, 503, 0, 409, 500].map((status) => answer(status));
    expect(unexpectedAnswers({ id: 'a', text: 'text', answers }).map(({ status }) => status)).toEqual([409, 500]);
  });
});
