import { DELIVERIES, type Delivery } from './delivery-metrics';
import { createMetrics } from './metrics';

async function counts(metrics: ReturnType<typeof createMetrics>): Promise<Record<string, string>> {
  const { body } = await metrics.render();
  const lines = body.matchAll(/^smart_support_webhooks_total\{outcome="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, outcome = '', count = '']) => [outcome, count]));
}

describe('the metrics of webhooks', () => {
  it('show every outcome from 0 on, so that the first one of a kind is seen by rate()', async () => {
    const none = Object.fromEntries(DELIVERIES.map((outcome) => [outcome, '0']));
    expect(await counts(createMetrics({ version: '1' }))).toEqual(none);
  });

  it('count what became of events', async () => {
    const metrics = createMetrics({ version: '1' });
    for (const outcome of ['put_off', 'put_off', 'delivered'] as const) metrics.deliveries.countDelivery(outcome);
    expect(await counts(metrics)).toMatchObject({ put_off: '2', delivered: '1', given_up: '0' });
  });

  it('keep to the known outcomes', async () => {
    const metrics = createMetrics({ version: '1' });
    metrics.deliveries.countDelivery('eaten' as Delivery);
    expect(await counts(metrics)).toMatchObject({ other: '1' });
    expect(await counts(metrics)).not.toHaveProperty('eaten');
  });
});
