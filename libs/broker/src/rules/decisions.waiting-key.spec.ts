import * as fc from 'fast-check';
import { waitingKey } from './decisions';

const HOUR = 60 * 60 * 1000;
const AGEING = 4 * HOUR;
const urgency = fc.double({ min: 0, max: 1, noNaN: true });
const received = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });

describe('the waiting key', () => {
  it('is the time of arrival, moved forward by urgency', () => {
    expect(waitingKey(10 * HOUR, 0, AGEING)).toBe(10 * HOUR);
    expect(waitingKey(10 * HOUR, 0.25, AGEING)).toBe(9 * HOUR);
    expect(waitingKey(10 * HOUR, 1, AGEING)).toBe(6 * HOUR);
  });

  it('lets the older of two equally urgent tickets go first', () => {
    fc.assert(
      fc.property(received, fc.integer({ min: 1, max: HOUR }), urgency, (ms, later, u) => {
        expect(waitingKey(ms, u, AGEING)).toBeLessThan(waitingKey(ms + later, u, AGEING));
      }),
    );
  });

  it('lets a ticket wait no longer than the ageing time for any that comes after', () => {
    fc.assert(
      fc.property(received, urgency, urgency, (ms, mine, theirs) => {
        expect(waitingKey(ms, mine, AGEING)).toBeLessThan(waitingKey(ms + AGEING + 1, theirs, AGEING));
      }),
    );
  });
});
