import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@smart-support/config';
import { createLogger, createMetrics } from '@smart-support/telemetry';
import { openWarmModels } from './warm-models';

/** Opens the models of an operator's settings, and records what is logged about them. */
async function open(env: Record<string, string>) {
  const log: { level: string; msg: string; models?: unknown }[] = [];
  const write = (line: string): void => void log.push(JSON.parse(line) as (typeof log)[number]);
  const logger = createLogger({ level: 'info', name: 'spec', destination: { write } });
  const metrics = createMetrics({ version: '1' });
  const models = await openWarmModels(loadConfig({ INFERENCE_THREADS: '1', ...env }), logger, metrics);
  return { models, log, page: async () => (await metrics.render()).body };
}

describe('the models of a process', () => {
  it('are warm, which the log says, and on the metrics page', async () => {
    const { models, log, page } = await open({});
    expect(log).toMatchObject([{ msg: 'models are warm', models: [{ name: 'all-MiniLM-L6-v2', threads: 1 }] }]);
    expect(await page()).toContain('smart_support_model_threads{model="all-MiniLM-L6-v2",state="ready"} 1\n');
    await models.close();
  });

  it('that are switched off are logged as such', async () => {
    const { models, log } = await open({ MODEL_FALLBACK: '1' });
    expect(log).toMatchObject([{ msg: 'models are switched off', models: [] }]);
    await models.close();
  });

  it('get the faults of the fault injection file until they are closed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'runtime-'));
    const file = join(folder, 'faults.json');
    await writeFile(file, '{"inference": {"delay_ms": 5}}');
    const { models, log } = await open({ MODEL_FALLBACK: '1', ALLOW_FAULT_INJECTION: '1', FAULT_INJECTION_FILE: file });
    while (!log.some(({ msg }) => msg === 'faults are injected')) await new Promise((go) => setImmediate(go));
    await models.close();
    expect(log.at(-1)?.msg).toBe('no faults are injected any more');
    await rm(folder, { recursive: true });
  });
});
