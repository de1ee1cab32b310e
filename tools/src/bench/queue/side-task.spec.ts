import fc from 'fast-check';
import { callsOf } from './side-task';

describe('the calls that fill a queue', () => {
  it('carry the given number of tickets, and the last one the rest', () => {
    expect(callsOf(5, 2)).toEqual([[0, 1], [2, 3], [4]]);
  });

  it('carry every ticket once, in order, at any size', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 120 }), (tickets, ticketsPerCall) => {
        const calls = callsOf(tickets, ticketsPerCall);
        expect(calls.flat()).toEqual(Array.from({ length: tickets }, (_, number) => number));
        for (const call of calls) expect(call.length).toBeGreaterThan(0);
        for (const call of calls) expect(call.length).toBeLessThanOrEqual(ticketsPerCall);
      }),
    );
  });
});
