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

  it('calls back in the order of the due times, each at its own time', () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const note = (name: string) => () => void seen.push(`${name} at ${clock.monotonic()}`);
    clock.after(20, note('late'));
    clock.after(10, () => {
      note('early')();
      clock.after(5, note('chained'));
    });
    const cancel = clock.after(12, note('never'));
    cancel();
    clock.advance(30);
    expect(seen).toEqual(['early at 10', 'chained at 15', 'late at 20']);
    expect([clock.monotonic(), clock.waiting]).toEqual([30, 0]);
  });

  it('run lets promises settle between callbacks', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const wait = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
    const sequence = async (): Promise<void> => {
      await wait(10);
      seen.push(`first at ${clock.monotonic()}`);
      await wait(10);
      seen.push(`second at ${clock.monotonic()}`);
    };
    const ended = sequence();
    await clock.run(25);
    await ended;
    expect(seen).toEqual(['first at 10', 'second at 20']);
  });
});
