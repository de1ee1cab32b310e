import { availableParallelism } from 'node:os';
import { loadConfig } from '@smart-support/config';
import { redisSettings } from './redis-settings';
import { sweepIntervalMs, ticketsAtOnce } from './work-limits';

describe('how much a worker takes on', () => {
  it('is one ticket more than it has inference threads', () => {
    expect(ticketsAtOnce(loadConfig({ INFERENCE_THREADS: '3' }))).toBe(4);
    expect(ticketsAtOnce(loadConfig({}))).toBe(availableParallelism() + 1);
  });

  it('is what the operator says', () => {
    expect(ticketsAtOnce(loadConfig({ INFERENCE_THREADS: '3', WORKER_CONCURRENCY: '1' }))).toBe(1);
  });
});

describe('how often vanished workers are looked for', () => {
  it.each([
    [100, 200],
    [3000, 1000],
    [30_000, 5000],
  ])('with a lease of %i ms every %i ms', (leaseMs, intervalMs) => {
    expect(sweepIntervalMs(leaseMs)).toBe(intervalMs);
  });
});

describe('where the queue is', () => {
  it('stands in the settings', () => {
    const env = { REDIS_URL: 'redis://127.0.0.1:7', REDIS_KEY_PREFIX: 'north', REDIS_QUEUE_KEY: 'mail' };
    expect(redisSettings(loadConfig({ ...env, REDIS_WAIT_REPLICAS: '1' }))).toEqual({
      url: 'redis://127.0.0.1:7',
      waitReplicas: 1,
      prefix: 'north',
      queueKey: 'mail',
    });
  });
});
