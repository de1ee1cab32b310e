import { VirtualClock } from './virtual-clock';

describe('the virtual clock', () => {
  it('stands still until it is moved, and moves both times alike', () => {
    const clock = new VirtualClock(1000);
    expect([clock.now(), clock.monotonic()]).toEqual([1000, 0]);
    clock.advance(250);
    clock.advance(0);
    expect([clock.now(), clock.monotonic()]).toEqual([1250, 250]);
  });

  it('starts at a date that ISO 8601 can write', () => {
    expect(new Date(new VirtualClock().now()).toISOString()).toBe('2030-01-01T00:00:00.000Z');
  });

  it.each([-1, Number.NaN])('refuses to move by %d', (ms) => {
    const clock = new VirtualClock(0);
    expect(() => clock.advance(ms)).toThrow(RangeError);
    expect(clock.now()).toBe(0);
  });
});
