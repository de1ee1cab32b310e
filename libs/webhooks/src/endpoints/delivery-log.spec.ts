import type { DeliveryLogEntry } from '@smart-support/contracts';
import { MemoryDeliveryLog } from './delivery-log';

const tryOf = (endpoint: string, attempt: number): DeliveryLogEntry => ({
  endpoint,
  event_id: 'ticket.urgent:T-1',
  type: 'ticket.urgent',
  attempt,
  at: '2030-01-01T00:00:00.000Z',
  outcome: 'failed',
  reason: 'timeout',
  duration_ms: 10_000,
});

describe('a delivery log', () => {
  const attempts = async (log: MemoryDeliveryLog, endpoint: string, limit?: number) =>
    (await log.list(endpoint, limit)).map(({ attempt }) => attempt);

  it('lists the tries of one endpoint, the latest first, as many as are wanted', async () => {
    const log = new MemoryDeliveryLog();
    for (const attempt of [1, 2, 3]) await log.add(tryOf('desk', attempt));
    await log.add(tryOf('chat', 9));
    expect(await log.list('chat')).toEqual([tryOf('chat', 9)]);
    expect(await attempts(log, 'desk')).toEqual([3, 2, 1]);
    expect(await attempts(log, 'desk', 2)).toEqual([3, 2]);
    expect(await attempts(log, 'desk', 0)).toEqual([]);
    expect(await attempts(log, 'desk', -1)).toEqual([]);
    expect(await attempts(log, 'unknown')).toEqual([]);
  });

  it('keeps the latest hundred of each endpoint', async () => {
    const log = new MemoryDeliveryLog();
    await log.add(tryOf('chat', 1));
    for (let attempt = 1; attempt <= 250; attempt++) await log.add(tryOf('desk', attempt));
    const listed = await attempts(log, 'desk', 1000);
    expect([listed.length, listed[0], listed.at(-1)]).toEqual([100, 250, 151]);
    expect(await attempts(log, 'chat')).toEqual([1]);
  });

  it('does not grow with endpoints that come and go', async () => {
    const log = new MemoryDeliveryLog();
    for (let nth = 0; nth < 300; nth++) {
      await log.add(tryOf(`e${nth}`, nth));
      await log.add(tryOf('lasting', nth));
    }
    expect(await attempts(log, 'e0')).toEqual([]);
    expect(await attempts(log, 'e299')).toEqual([299]);
    expect(await attempts(log, 'lasting')).toHaveLength(100);
  });

  it('gives a list that later tries do not change', async () => {
    const log = new MemoryDeliveryLog();
    await log.add(tryOf('desk', 1));
    const before = await log.list('desk');
    await log.add(tryOf('desk', 2));
    expect(before).toHaveLength(1);
  });
});
