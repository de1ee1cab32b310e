import type { OutboxEntry } from '@smart-support/contracts';
import { VirtualClock } from '@smart-support/testing';
import { DELIVERED, HandSender } from '../../test/hand-sender';
import { faultInjectingSender } from './fault-injecting-sender';

const entry: OutboxEntry = { id: 'T-1', body: '{}', attempts: 0, created_at: '2030-01-01T00:00:00.000Z' };

describe('an injected delay of webhooks', () => {
  const aScene = () => {
    const clock = new VirtualClock();
    const receiver = new HandSender(DELIVERED);
    return { clock, receiver, sender: faultInjectingSender(receiver, clock) };
  };

  it('delays every try until it is ended', async () => {
    const { clock, receiver, sender } = aScene();
    sender.injectFault({ delayMs: 3_000 });
    const slow = sender.send(entry);
    await clock.advance(2_999);
    expect(receiver.tried).toEqual([]);
    await clock.advance(1);
    expect(await slow).toEqual(DELIVERED);
    sender.injectFault(null);
    expect(await sender.send(entry)).toEqual(DELIVERED);
    expect(receiver.tried).toEqual(['T-1', 'T-1']);
  });

  it('lets a try run out of time where the delay is as long as it may take, and sends nothing', async () => {
    const { clock, receiver, sender } = aScene();
    sender.injectFault({ delayMs: 600_000 });
    const late = sender.send(entry);
    await clock.advance(receiver.timeoutMs);
    expect(await late).toMatchObject({ outcome: 'failed', reason: 'timeout' });
    expect(receiver.tried).toEqual([]);
  });
});
