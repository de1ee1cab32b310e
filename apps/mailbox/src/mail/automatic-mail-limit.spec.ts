import { AutomaticMailLimit } from './automatic-mail-limit';

const HOUR_MS = 3_600_000;

describe('automatic mails of one sender', () => {
  it('are taken ten times within an hour, and again after it', () => {
    const limit = new AutomaticMailLimit();
    const reached = (number: number, atMs: number): boolean =>
      limit.isReached('bot@example.com', `<${number}@x>`, atMs);
    const first = Array.from({ length: 12 }, (_, number) => reached(number, number));
    expect(first).toEqual([...Array(10).fill(false), true, true]);
    expect(limit.isReached('other@example.com', '<a@x>', 12)).toBe(false);
    expect(reached(20, HOUR_MS - 1)).toBe(true);
    expect(reached(21, HOUR_MS + 5)).toBe(false);
  });

  it('count once however often they are asked for', () => {
    const limit = new AutomaticMailLimit();
    for (let turn = 0; turn < 50; turn += 1) expect(limit.isReached('bot@example.com', '<a@x>', 0)).toBe(false);
    expect(limit.isReached('bot@example.com', '<b@x>', 0)).toBe(false);
  });

  it('of any number of senders take bounded memory', () => {
    const limit = new AutomaticMailLimit();
    for (let sender = 0; sender < 20_000; sender += 1) limit.isReached(`${sender}@example.com`, '<a@x>', 0);
    expect((limit as unknown as { taken: Map<string, unknown> }).taken.size).toBeLessThanOrEqual(10_000);
  });
});
