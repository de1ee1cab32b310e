import { availableParallelism } from 'node:os';
import { loadConfig } from '@smart-support/config';
import { redisSettings } from './redis-settings';
import { sweepIntervalMs, ticketsAtOnce } from './work-limits';

describe('the concurrency of a worker', () => {
  it('is one more than its inference threads', () => {
    expect(ticketsAtOnce(loadConfig({ INFERENCE_THREADS: '3' }))).toBe(4);
    expect(ticketsAtOnce(loadConfig({}))).toBe(availableParallelism() + 1);
  });

  it('is the configured value', () => {
    expect(ticketsAtOnce(loadConfig({ INFERENCE_THREADS: '3', WORKER_CONCURRENCY: '1' }))).toBe(1);
  });
});

describe('the interval of the sweep', () => {
  it.each([
    [100, 200],
    [3000, 1000],
    [30_000, 5000],
  ])('with a lease of %i ms every %i ms', (leaseMs, intervalMs) => {
    expect(sweepIntervalMs(leaseMs)).toBe(intervalMs);
  });
});

describe('the location of the queue', () => {
  it('is in the settings', () => {
    const env = { REDIS_URL: 'redis://127.0.0.1:7', REDIS_KEY_PREFIX: 'north', REDIS_QUEUE_KEY: 'mail' };
    expect(redisSettings(loadConfig({ ...env, REDIS_WAIT_REPLICAS: '1' }))).toEqual({
      url: 'redis://127.0.0.1:7',
      waitReplicas: 1,
      prefix: 'north',
      queueKey: 'mail',
    });
  });
});
