import type { LocalBroker } from '@smart-support/contracts';
import { VirtualClock, aDecision, aNewTicket } from '@smart-support/testing';
import { createMemoryBroker } from '../memory-broker';

describe('a wait for work in memory', () => {
  let clock: VirtualClock;
  let broker: LocalBroker;
  beforeEach(() => {
    clock = new VirtualClock();
    broker = createMemoryBroker({ leaseMs: 1000 }, { clock, random: () => 0.1 });
  });

  const offer = (...ids: string[]) => broker.queue.accept(ids.map((id) => aNewTicket({ id })));
  /** The names of the calls that have ended, in order. */
  const waitAll = (names: readonly string[], timeoutMs = 1000): string[] => {
    const over: string[] = [];
    for (const name of names) void broker.queue.waitForWork(timeoutMs).then(() => over.push(name));
    return over;
  };

  it('wakes as many as there are tickets, first come first, and the others when their time is up', async () => {
    const over = waitAll(['w1', 'w2', 'w3', 'w4']);
    await offer('a');
    await clock.run(0);
    expect(over).toEqual(['w1']);
    await broker.queue.claim(1);
    await offer('b', 'c');
    await clock.run(0);
    expect(over).toEqual(['w1', 'w2', 'w3']);
    await clock.run(999);
    expect(over).toEqual(['w1', 'w2', 'w3']);
    await clock.run(1);
    expect(over).toEqual(['w1', 'w2', 'w3', 'w4']);
    expect(clock.waiting).toBe(0);
  });

  it('wakes no call for a ticket that its own caller claims at once', async () => {
    const over = waitAll(['w1', 'w2']);
    await offer('a');
    const claim = await broker.queue.claimById('a');
    await broker.tickets.commit(claim!, aDecision());
    await clock.run(500);
    expect(over).toEqual([]);
    await offer('b', 'c');
    await broker.queue.claimById('b');
    await clock.run(0);
    expect(over).toEqual(['w1']);
  });

  it('wakes one more for one more ticket, although the first one woken has not claimed yet', async () => {
    const over = waitAll(['w1', 'w2', 'w3']);
    for (const id of ['a', 'b']) {
      await offer(id);
      await clock.run(0);
    }
    expect(over).toEqual(['w1', 'w2']);
  });

  it('wakes no call twice for the same ticket', async () => {
    const over = waitAll(['w1', 'w2', 'w3']);
    await offer('a');
    await clock.run(0);
    await broker.queue.claimById('a');
    await offer('b');
    await clock.run(0);
    expect(over).toEqual(['w1', 'w2']);
  });

  it('does not wake for a delayed ticket, and needs no wait once its retry is due', async () => {
    await offer('a');
    const [claim] = await broker.queue.claim(1);
    const over = waitAll(['w1'], 200);
    await broker.queue.fail(claim!, { code: 'timeout', message: 'Too slow', retryable: true });
    await clock.run(199);
    expect(over).toEqual([]);
    await clock.run(1);
    expect(over).toEqual(['w1']);
    await broker.queue.waitForWork(10_000);
  });

  it('leaves no timer behind when the broker is closed', async () => {
    const over = waitAll(['w1', 'w2']);
    await offer('a');
    await broker.close();
    await clock.run(0);
    expect([over, clock.waiting]).toEqual([['w1', 'w2'], 0]);
  });
});
