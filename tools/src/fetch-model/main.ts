import { setTimeout as delay } from 'node:timers/promises';
import { runFetchModel } from './command';

/**
 * `nx run tools:fetch-model -- <organisation/name>`: downloads a model directory that `@smart-support/inference` opens.
 * Reads HF_ENDPOINT and HF_TOKEN, as the hub's own tools do.
 */
const MAX_WAIT_MS = 10_000;
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

runFetchModel(process.argv.slice(2), {
  environment: process.env,
  workingDirectory: process.cwd(),
  output: process.stdout,
  messages: process.stderr,
  patience: {
    tries: 5,
    // An interruption ends the wait; the next request then reports it.
    wait: (failures) =>
      delay(Math.min(MAX_WAIT_MS, 500 * 2 ** failures), undefined, { signal: stop.signal }).catch(() => undefined),
  },
  now: () => performance.now(),
  signal: stop.signal,
}).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
