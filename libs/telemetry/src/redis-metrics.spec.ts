import { createMetrics } from './metrics';

const lines = async (metrics: ReturnType<typeof createMetrics>) =>
  (await metrics.render()).body.split('\n').filter((line) => line.startsWith('smart_support_redis_'));

describe('the metrics of a shared Redis', () => {
  it('say nothing where there is none', async () => {
    expect(await lines(createMetrics({ version: '1' }))).toEqual([]);
  });

  it('say whether it is up, and why not', async () => {
    const metrics = createMetrics({ version: '1' });
    metrics.redis.showAvailability(false, 'oom');
    expect(await lines(metrics)).toEqual(
      expect.arrayContaining([
        'smart_support_redis_up 0',
        'smart_support_redis_problem{reason="oom"} 1',
        'smart_support_redis_problem{reason="readonly"} 0',
      ]),
    );
    metrics.redis.showAvailability(true, null);
    expect(await lines(metrics)).toEqual(
      expect.arrayContaining(['smart_support_redis_up 1', 'smart_support_redis_problem{reason="oom"} 0']),
    );
  });

  it.each([
    ['noeviction', ['smart_support_redis_evicts 0']],
    ['allkeys-lru', ['smart_support_redis_evicts 1']],
    [null, []],
  ])('say by a policy of %s whether a full one drops tickets', async (policy, shown) => {
    const metrics = createMetrics({ version: '1' });
    metrics.redis.showPolicy('volatile-lru');
    metrics.redis.showPolicy(policy);
    expect(await lines(metrics)).toEqual(shown);
  });
});
