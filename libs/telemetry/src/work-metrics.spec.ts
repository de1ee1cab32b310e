import { createMetrics } from './metrics';

/** The value of a metric without labels, as the page shows it; nothing if it is not there. */
async function value(metrics: ReturnType<typeof createMetrics>, name: string): Promise<string | undefined> {
  const { body } = await metrics.render();
  return new RegExp(`^${name} (.+)$`, 'm').exec(body)?.[1];
}

describe('the metrics of one who takes tickets from the queue', () => {
  it('show how many tickets are in work at the moment of the scrape', async () => {
    const metrics = createMetrics({ version: '1' });
    expect(await value(metrics, 'smart_support_claims_in_flight')).toBe('0');
    let inFlight = 3;
    metrics.work.watchInFlight(() => inFlight);
    expect(await value(metrics, 'smart_support_claims_in_flight')).toBe('3');
    inFlight = 1;
    expect(await value(metrics, 'smart_support_claims_in_flight')).toBe('1');
  });

  it('count tickets whose lease was lost, from 0 on', async () => {
    const metrics = createMetrics({ version: '1' });
    expect(await value(metrics, 'smart_support_claims_lost_total')).toBe('0');
    metrics.work.countLost();
    expect(await value(metrics, 'smart_support_claims_lost_total')).toBe('1');
  });

  it('count tickets of lost workers that were reclaimed, from 0 on', async () => {
    const metrics = createMetrics({ version: '1' });
    expect(await value(metrics, 'smart_support_claims_reclaimed_total')).toBe('0');
    metrics.work.countReclaimed(3);
    expect(await value(metrics, 'smart_support_claims_reclaimed_total')).toBe('3');
  });
});
