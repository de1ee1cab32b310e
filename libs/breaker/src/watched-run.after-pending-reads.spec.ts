import { VirtualClock } from '@smart-support/testing';
import { afterPendingReads } from './watched-run';

describe('a moment that must be over', () => {
  it('is over when the clock reaches it, not before', async () => {
    const clock = new VirtualClock();
    const over = jest.fn();
    afterPendingReads(clock, 500, over);
    await clock.run(499);
    expect(over).not.toHaveBeenCalled();
    await clock.run(1);
    expect(over).toHaveBeenCalledTimes(1);
  });

  it('lets pass first what falls due at the same time', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    afterPendingReads(clock, 500, () => seen.push('over'));
    clock.after(500, () => seen.push('due'));
    await clock.run(500);
    expect(seen).toEqual(['due', 'over']);
  });

  it('lets the loop read first what arrived while it was blocked', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    afterPendingReads(clock, 500, () => seen.push('over'));
    setImmediate(() => seen.push('read'));
    clock.advance(900);
    expect(seen).toEqual([]);
    await clock.run(0);
    expect(seen).toEqual(['read', 'over']);
  });

  it.each([
    ['before its time', 499],
    ['in the turn of the loop that its time came', 500],
  ])('can be cancelled %s', async (_, ms) => {
    const clock = new VirtualClock();
    const over = jest.fn();
    const cancel = afterPendingReads(clock, 500, over);
    clock.advance(ms);
    cancel();
    expect(clock.waiting).toBe(0);
    await clock.run(1000);
    cancel();
    expect(over).not.toHaveBeenCalled();
  });
});
