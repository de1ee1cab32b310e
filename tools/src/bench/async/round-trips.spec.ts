import { addressesIn, kindOf, roundTrips } from './round-trips';

describe('the round trips of a worker', () => {
  it('are the commands that come with the tickets', () => {
    const counts = new Map([
      ['evalsha claim', 900],
      ['evalsha commit', 1000],
      ['evalsha announce', 5],
      ['set', 20],
    ]);
    expect(roundTrips({ counts, tickets: 1000, seconds: 10 })).toEqual({ perTicket: 1.9, perSecond: 2.5 });
  });

  it('include a command of some tickets only', () => {
    const counts = new Map([['hgetall', 50]]);
    expect(roundTrips({ counts, tickets: 1000, seconds: 10 })).toEqual({ perTicket: 0.05, perSecond: 0 });
  });

  it('are distinguished by script, in upper and lower case', () => {
    expect(kindOf(['EVALSHA', 'abc', '2'])).toBe('evalsha abc');
    expect(kindOf(['evalsha', 'abc', '2'])).toBe('evalsha abc');
    expect(kindOf(['set', 'key', 'value'])).toBe('set');
  });

  it('are those of one client, by its address', () => {
    const list =
      'id=3 addr=127.0.0.1:4001 laddr=127.0.0.1:6379 fd=8\nid=4 addr=127.0.0.1:4002 laddr=127.0.0.1:6379 fd=9\n';
    expect(addressesIn(list)).toEqual(['127.0.0.1:4001', '127.0.0.1:4002']);
  });
});
