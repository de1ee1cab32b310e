import { createMetrics } from './metrics';
import type { ModelGauges } from './model-metrics';

const GAUGES: ModelGauges = {
  name: 'all-MiniLM-L6-v2',
  breaker: 'open',
  stats: {
    threads: { ready: 2, busy: 1, abandoned: 0, replaced: 1 },
    waiting: 3,
    runs: 40,
    cacheHits: 5,
    joined: 6,
    refused: 7,
    failed: 8,
  },
};

describe('the metrics of models', () => {
  it('show at every scrape how each model stands', async () => {
    const metrics = createMetrics({ version: '1' });
    let gauges: readonly ModelGauges[] = [GAUGES];
    metrics.models.watchModels(() => gauges);
    await metrics.render();
    const { body } = await metrics.render();
    for (const line of [
      'smart_support_breaker_open{model="all-MiniLM-L6-v2"} 1',
      'smart_support_model_threads{model="all-MiniLM-L6-v2",state="busy"} 1',
      'smart_support_model_waiting{model="all-MiniLM-L6-v2"} 3',
      'smart_support_model_answers_total{model="all-MiniLM-L6-v2",how="run"} 40',
      'smart_support_model_answers_total{model="all-MiniLM-L6-v2",how="refused"} 7',
      'smart_support_model_threads_replaced_total{model="all-MiniLM-L6-v2"} 1',
    ])
      expect(body).toContain(line);
    gauges = [{ ...GAUGES, breaker: 'closed' }];
    expect((await metrics.render()).body).toContain('smart_support_breaker_open{model="all-MiniLM-L6-v2"} 0');
  });

  it('count runs with their durations, breakers that turned, and the reasons of fallbacks', async () => {
    const { models, render } = createMetrics({ version: '1' });
    models.observeRun('m', 'fast', 0.01);
    models.observeRun('m', 'slow', null);
    models.countChange('m', 'opened');
    models.countFallback('m', 'breaker_open');
    const { body } = await render();
    expect(body).toContain('smart_support_model_runs_judged_total{model="m",verdict="slow"} 1');
    expect(body).toContain('smart_support_model_run_duration_seconds_count{model="m"} 1');
    expect(body).toContain('smart_support_breaker_changes_total{model="m",to="opened"} 1');
    expect(body).toContain('smart_support_fallbacks_total{model="m",reason="breaker_open"} 1');
  });
});
