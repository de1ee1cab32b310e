import { Tally } from './tally';

function tallyOf(...statuses: readonly string[]): Tally {
  const tally = new Tally();
  for (const status of statuses) tally.take({ ticketId: 'office-1', status });
  return tally;
}

describe('a tally of tickets', () => {
  it('counts each where it stands now', () => {
    const tally = tallyOf('queued', 'processing', 'assigned');
    tally.take({ ticketId: 'office-2', status: 'waiting' });
    expect(['queued', 'processing', 'assigned', 'waiting'].map((status) => tally.count(status))).toEqual([0, 0, 1, 1]);
    expect(tally.routed).toBe(1);
  });

  it('handles a gateway that logs late that it accepted a ticket', () => {
    const tally = tallyOf('processing', 'suppressed', 'queued');
    expect(tally.count('suppressed')).toBe(1);
    expect(tally.count('queued')).toBe(0);
  });

  it('follows a ticket that is let go by its incident', () => {
    const tally = tallyOf('queued', 'processing', 'suppressed', 'queued');
    expect(tally.count('suppressed')).toBe(0);
    expect(tally.count('queued')).toBe(1);
  });
});
