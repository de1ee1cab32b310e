import type { ByteUse } from '@smart-support/contracts';
import { createMetrics } from './metrics';

const linesOf = async (metrics: ReturnType<typeof createMetrics>): Promise<string[]> =>
  (await metrics.render()).body.split('\n').filter((line) => line.startsWith('smart_support_broker_bytes'));

describe('the bytes of brokers', () => {
  it('are not shown where none is watched', async () => {
    expect(await linesOf(createMetrics({ version: '1' }))).toEqual([]);
  });

  it('are shown by broker as they are at the scrape, and not at all while they are not known', async () => {
    const metrics = createMetrics({ version: '1' });
    let redis: ByteUse | null = { used: 7, limit: Infinity };
    let used = 1;
    metrics.bytes.watchBytes('memory', () => ({ used, limit: 100 }));
    metrics.bytes.watchBytes('redis', () => redis);
    used = 50;
    expect(await linesOf(metrics)).toEqual([
      'smart_support_broker_bytes{broker="memory"} 50',
      'smart_support_broker_bytes{broker="redis"} 7',
      'smart_support_broker_bytes_max{broker="memory"} 100',
      'smart_support_broker_bytes_max{broker="redis"} +Inf',
    ]);
    redis = null;
    expect(await linesOf(metrics)).toEqual([
      'smart_support_broker_bytes{broker="memory"} 50',
      'smart_support_broker_bytes_max{broker="memory"} 100',
    ]);
  });
});
