import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A faults file that makes a worker's model slow; deleting it makes the model fast again. */
export interface SlowModel {
  /** Settings of such a worker: with this breaker and deadline the model's own answer counts, however late. */
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/** @param delayMs - additional duration of every run; below 10,000, the limit after which a run counts as hung */
export function slowModel(delayMs: number): SlowModel {
  const folder = mkdtempSync(join(tmpdir(), 'slow-model-'));
  const file = join(folder, 'faults.json');
  writeFileSync(file, JSON.stringify({ inference: { delay_ms: delayMs } }));
  return {
    env: {
      ALLOW_FAULT_INJECTION: '1',
      FAULT_INJECTION_FILE: file,
      CIRCUIT_BREAKER_LATENCY_MS: '60000',
      INFERENCE_DEADLINE_MS: '60000',
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
