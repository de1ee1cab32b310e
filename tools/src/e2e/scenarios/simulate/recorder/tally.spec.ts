import { Tally } from './tally';

function tallyOf(...statuses: readonly string[]): Tally {
  const tally = new Tally();
  for (const status of statuses) tally.countChange({ ticketId: 'office-1', status });
  return tally;
}

describe('a tally of tickets', () => {
  it('counts each by its last status', () => {
    const tally = tallyOf('queued', 'processing', 'assigned');
    tally.countChange({ ticketId: 'office-2', status: 'waiting' });
    expect(['queued', 'processing', 'assigned', 'waiting'].map((status) => tally.count(status))).toEqual([0, 0, 1, 1]);
    expect(tally.routed).toBe(1);
  });

  it('ignores the late log line of an accepted ticket', () => {
    const tally = tallyOf('processing', 'suppressed', 'queued');
    expect(tally.count('suppressed')).toBe(1);
    expect(tally.count('queued')).toBe(0);
  });

  it('follows a ticket that its incident releases', () => {
    const tally = tallyOf('queued', 'processing', 'suppressed', 'queued');
    expect(tally.count('suppressed')).toBe(0);
    expect(tally.count('queued')).toBe(1);
  });
});
